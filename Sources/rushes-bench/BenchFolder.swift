import Foundation

/// A folder of this run, beside the working directory so that all figures are of the same file system.
struct BenchFolder: Sendable {
    let path: String
    /// The number of this run among others that use the same server.
    let processIdentifier = ProcessInfo.processInfo.processIdentifier

    init(beside parent: String) throws {
        let name = "rushes-bench-\(processIdentifier)"
        path = URL(filePath: parent).appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// The path of a file or folder in it.
    func path(of name: String) -> String { path + "/" + name }

    func remove() {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            StandardError.write("rushes-bench: \(path) was not removed: \(error)")
        }
    }
}

/// What is not data goes here.
enum StandardError {
    static func write(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
