import Foundation

/// The files that belong to the repository, read once: tracked ones, and new ones that are not ignored.
struct SourceTree: Sendable {
    let files: [SourceFile]

    /// The tree that this file was compiled from.
    static let current = SourceTree(root: packageRoot)

    /// The folder with `Package.swift`, two above this file's folder.
    static let packageRoot = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    init(root: URL) {
        let paths = Self.pathsFromGit(root) ?? Self.pathsFromDisk(root)
        // A tracked file that was deleted but not yet committed is listed by git and cannot be read.
        files = paths.sorted().compactMap { path in
            (try? Data(contentsOf: root.appending(path: path))).map { SourceFile(path: path, data: $0) }
        }
    }

    /// The Swift files below one of the folders, such as `Sources`.
    func swift(under folders: String...) -> [SourceFile] {
        files.filter { file in file.isSwift && folders.contains { file.path.hasPrefix("\($0)/") } }
    }

    func file(_ path: String) -> SourceFile? {
        files.first { $0.path == path }
    }

    private static func pathsFromGit(_ root: URL) -> [String]? {
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        git.currentDirectoryURL = root
        let output = Pipe()
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return nil }
        let listing = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return Array(Set(listing.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }))
    }

    /// Without git (an unpacked archive) everything on disk counts, but for what builds leave behind.
    private static func pathsFromDisk(_ root: URL) -> [String] {
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        let ignored = [".build/", ".git/", ".swiftpm/", "rushes-data/"]
        return paths.filter { path in path != "Package.resolved" && !ignored.contains { path.hasPrefix($0) } }
    }
}

/// One file of the repository.
struct SourceFile: Sendable {
    /// Relative to the root, with slashes.
    let path: String
    let data: Data
    let text: String
    let lines: [String]
    /// Swift files only: what is code, what is a comment, what is a literal.
    let swift: SwiftText?

    init(path: String, data: Data) {
        self.path = path
        self.data = data
        text = String(decoding: data, as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        swift = path.hasSuffix(".swift") ? SwiftText(text) : nil
    }

    var isSwift: Bool { swift != nil }
    var name: String { String(path.split(separator: "/").last ?? "") }
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

    /// The target that compiles the file: the folder below `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// Prose and code, as opposed to pictures, videos and sample data that may hold any bytes.
    var isText: Bool {
        let kinds = ["swift", "md", "json", "yaml", "yml", "sh", "modulemap", "h", "txt"]
        return !name.contains(".") || name.hasPrefix(".") || kinds.contains { name.hasSuffix(".\($0)") }
    }
}
