import Foundation

/// The folder of an installation and the lock that only one process holds.
package struct DataDirectory: Sendable {
    /// The folder.
    package let path: String

    /// The folder at a path; nothing is made yet.
    package init(_ path: String) {
        self.path = path
    }

    /// The database file.
    package var databasePath: String { path + "/rushes.sqlite" }
    /// The folder of the videos.
    package var blobsPath: String { path + "/blobs" }
    /// The folder of the embedded sandbox.
    package var sandboxPath: String { path + "/sandbox" }
    /// The folder of what media programs write while they run.
    package var mediaPath: String { path + "/media" }
    /// The operators' socket.
    package var socketPath: String { path + "/admin.sock" }

    /// Makes the folder, readable by its owner only, and takes its lock for as long as the answer lives.
    ///
    /// - Throws: `DataDirectoryError`.
    package func lock() throws(DataDirectoryError) -> DataDirectoryLock {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unusable(path, error.localizedDescription)
        }
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path, String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path)
        }
        return DataDirectoryLock(descriptor)
    }
}

/// A held lock; it ends with the last reference, or with the process.
package final class DataDirectoryLock: Sendable {
    private let descriptor: Int32

    fileprivate init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}

/// Why a data directory cannot be used.
package enum DataDirectoryError: Error, Equatable, CustomStringConvertible {
    /// Another process works on it.
    case inUse(String)
    /// It cannot be made or opened.
    case unusable(String, String)

    package var description: String {
        switch self {
        case .inUse(let path): "another Rushes process works on \(path)"
        case .unusable(let path, let reason): "\(path) cannot be used: \(reason)"
        }
    }
}
