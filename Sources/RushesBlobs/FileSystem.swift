import RushesCore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The calls that SystemPackage does not have.
enum FileSystem {
    /// What `stat` tells.
    struct Status {
        let bytes: Int64
        let changedAt: Timestamp
    }

    /// The status of a regular file, or nil when there is none.
    static func status(_ path: String) throws(Errno) -> Status? {
        var found = stat()
        guard lstat(path, &found) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw Errno(rawValue: errno) }
            return nil
        }
        guard found.st_mode & S_IFMT == S_IFREG else { return nil }
        let changed = found.st_mtim
        return Status(
            bytes: Int64(found.st_size),
            changedAt: Timestamp(milliseconds: Int64(changed.tv_sec) * 1_000 + Int64(changed.tv_nsec) / 1_000_000))
    }

    /// Removes a file; false when there was none.
    @discardableResult
    static func removeFile(_ path: String) throws(Errno) -> Bool {
        guard unlink(path) != 0 else { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw Errno(rawValue: errno) }
        return false
    }

    /// Gives a file another name; a file that has it already is replaced.
    static func move(_ from: String, to: String) throws(Errno) {
        guard rename(from, to) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Makes a folder and has its parent remember it; true also when it was there, false on the error to skip.
    static func makeFolder(_ path: String, orSkip skipped: Errno) throws(Errno) -> Bool {
        guard mkdir(path, 0o750) != 0 else {
            try synchronizeFolder(FilePath(path).removingLastComponent().string)
            return true
        }
        let failure = Errno(rawValue: errno)
        if failure == .fileExists { return true }
        guard failure == skipped else { throw failure }
        return false
    }

    /// The names in a folder.
    static func names(in folder: String) throws(Errno) -> [String] {
        guard let stream = opendir(folder) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    /// Makes the names in a folder durable.
    static func synchronizeFolder(_ path: String) throws(Errno) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Errno(rawValue: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Errno(rawValue: errno) }
    }
}

extension FileDescriptor {
    /// Makes the bytes of a file durable.
    func synchronize() throws(Errno) {
        guard fsync(rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}
