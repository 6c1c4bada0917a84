import Crypto
import Foundation
import RushesCore
import RushesWire

/// A dump and the manifest beside it. A dump has its final name only when it was restored and found good.
struct DumpFile: Sendable {
    let path: String

    /// The manifest: what the dump holds and the hash of its bytes.
    var manifestPath: String { path + ".json" }
    /// The dump while nobody knows yet whether it is good.
    var partPath: String { path + ".part" }

    /// Makes the unfinished file, empty and readable by its owner only, so that nobody reads the dump while it grows.
    ///
    /// - Throws: `BackupFailure`.
    func begin() throws(BackupFailure) {
        for taken in [path, manifestPath] where FileManager.default.fileExists(atPath: taken) {
            throw BackupFailure("\(taken) exists already")
        }
        unlink(partPath)
        let descriptor = open(partPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("make", partPath) }
        Glibc.close(descriptor)
    }

    /// Gives a good dump its name, the manifest first: a dump without one would not be restored.
    ///
    /// - Throws: `BackupFailure`, `EncodingError`.
    func publish(_ manifest: BackupBody) throws {
        let bytes = try WireJSON.encode(manifest) + [UInt8(ascii: "\n")]
        let created = FileManager.default.createFile(
            atPath: manifestPath, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        guard created else { throw Self.failure("write", manifestPath) }
        try Self.synchronize(manifestPath)
        guard rename(partPath, path) == 0 else { throw Self.failure("rename", partPath) }
        try Self.synchronize(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Removes what is not good.
    func abandon() {
        unlink(partPath)
    }

    /// The manifest of a dump.
    ///
    /// - Throws: `BackupFailure`.
    func manifest() throws(BackupFailure) -> BackupBody {
        guard let data = FileManager.default.contents(atPath: manifestPath) else {
            throw BackupFailure("\(manifestPath) is missing; without it nobody knows whether \(path) is whole")
        }
        do {
            return try WireJSON.decode(BackupBody.self, from: [UInt8](data))
        } catch {
            throw BackupFailure("\(manifestPath) is no manifest of a dump: \(error)")
        }
    }

    /// Makes the bytes of a file, or the names of a folder, durable.
    ///
    /// - Throws: `BackupFailure`.
    static func synchronize(_ path: String) throws(BackupFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    /// Length and hash of a file, read in pieces.
    ///
    /// - Throws: `BackupFailure`.
    static func digest(of path: String) throws(BackupFailure) -> (bytes: Int64, sha256: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { Glibc.close(descriptor) }
        var hash = SHA256()
        var bytes: Int64 = 0
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { break }
            hash.update(data: piece[..<count])
            bytes += Int64(count)
        }
        return (bytes, Array(hash.finalize()).hexadecimal)
    }

    private static func failure(_ call: String, _ path: String) -> BackupFailure {
        BackupFailure("cannot \(call) \(path): \(String(cString: strerror(errno)))")
    }
}
