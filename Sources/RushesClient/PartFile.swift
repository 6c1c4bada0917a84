internal import Crypto
internal import Glibc
internal import RushesWire
internal import SystemPackage

/// Length and hash of bytes, kept while they pass.
struct FileDigest {
    private var hash = SHA256()
    private(set) var bytes: Int64 = 0

    mutating func update(_ chunk: [UInt8]) {
        hash.update(data: chunk)
        bytes += Int64(chunk.count)
    }

    func matches(_ asset: ResultAsset) -> Bool {
        bytes == asset.bytes && hexadecimal(hash.finalize()) == asset.sha256
    }

    /// The digest of a file; nil when there is none.
    static func reading(_ path: String) throws -> FileDigest? {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            defer { try? file.close() }  // Only read from: a failing close loses nothing.
            return try FileDigest(reading: file)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let error as Errno {
            throw RushesClientError.file(path: path, reason: error.description)
        }
    }

    init() {}

    init(reading file: FileDescriptor) throws {
        var chunk = [UInt8](repeating: 0, count: 256 * 1_024)
        while true {
            let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { return }
            update(Array(chunk[..<count]))
        }
    }
}

/// A download that is not complete yet: what is in it already counts, so that it can go on after an interruption.
struct PartFile {
    private let path: String
    private let file: FileDescriptor
    private(set) var digest: FileDigest

    /// Opens or creates the file and hashes what it has.
    init(path: String) throws {
        self.path = path
        do {
            file = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create], permissions: .init(rawValue: 0o644))
            digest = try FileDigest(reading: file)
        } catch let error as Errno {
            throw RushesClientError.file(path: path, reason: error.description)
        }
    }

    mutating func append(_ chunk: [UInt8]) throws {
        try reporting { _ = try file.writeAll(chunk) }
        digest.update(chunk)
    }

    /// Throws away what was fetched.
    mutating func restart() throws {
        try reporting {
            try file.resize(to: 0)
            try file.seek(offset: 0, from: .start)
        }
        digest = FileDigest()
    }

    /// Gives the complete file its name.
    func finish(as name: String) throws {
        guard rename(path, name) == 0 else {
            throw RushesClientError.file(path: name, reason: "could not be renamed from \(path)")
        }
    }

    func close() {
        try? file.close()  // Written bytes were checked by their hash; a failing close of a download harms nobody.
    }

    private func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as Errno {
            throw RushesClientError.file(path: path, reason: error.description)
        }
    }
}
