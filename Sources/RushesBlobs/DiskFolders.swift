import RushesCore
import RushesEngine
import SystemPackage

/// The folders of a store: names appear, change and go here, one after the other.
actor DiskFolders {
    private nonisolated let executor = BlockingExecutor(label: "rushes.blob-folders")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let root: String

    init(root: String) {
        self.root = root
    }

    /// Gives a finished file its name for good: rename, then fsync of the folder.
    func publish(_ part: String, as path: String) throws(BlobError) {
        let folder = parent(of: path)
        do {
            try makeFolders(folder)
            try FileSystem.move(part, to: path)
        } catch {
            throw BlobError("rename", path, error)
        }
        do {
            try FileSystem.synchronizeFolder(folder)
        } catch {
            // The name may not survive a power cut, so it must not be seen now either.
            _ = try? FileSystem.removeFile(path)
            throw BlobError("fsync of the folder of", path, error)
        }
    }

    /// Makes a folder and the folders between it and the root.
    func make(_ folder: String) throws(BlobError) {
        do {
            try makeFolders(folder)
        } catch {
            throw BlobError("mkdir", folder, error)
        }
    }

    /// The length of a file, or nil when there is none.
    func length(of path: String) throws(BlobError) -> Int64? {
        do {
            return try FileSystem.status(path)?.bytes
        } catch {
            throw BlobError("stat", path, error)
        }
    }

    /// Removes a file for good; one that does not exist is no error.
    func remove(_ path: String) throws(BlobError) {
        do {
            guard try FileSystem.removeFile(path) else { return }
            try FileSystem.synchronizeFolder(parent(of: path))
        } catch {
            throw BlobError("unlink", path, error)
        }
    }

    /// Removes unfinished files that nobody has written to since a moment.
    func removeParts(in folder: String, changedBefore moment: Timestamp) throws(BlobError) {
        do {
            for name in try FileSystem.names(in: folder) where name.hasSuffix(".part") {
                let path = folder + "/" + name
                guard let status = try FileSystem.status(path), status.changedAt < moment else { continue }
                try FileSystem.removeFile(path)
            }
        } catch {
            throw BlobError("clean up", folder, error)
        }
    }

    private func makeFolders(_ folder: String) throws(Errno) {
        guard try FileSystem.makeFolder(folder, orSkip: .noSuchFileOrDirectory) else {
            guard folder.utf8.count > root.utf8.count else { throw .noSuchFileOrDirectory }
            try makeFolders(parent(of: folder))
            try makeFolders(folder)
            return
        }
    }

    private func parent(of path: String) -> String {
        FilePath(path).removingLastComponent().string
    }
}
