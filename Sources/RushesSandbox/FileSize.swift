#if canImport(Glibc)
    import Glibc
#endif

/// The size of a file by one system call; short enough to make on any thread.
enum FileSize {
    /// Nil when there is no such file.
    static func bytes(at path: String) -> Int? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return Int(information.st_size)
    }
}
