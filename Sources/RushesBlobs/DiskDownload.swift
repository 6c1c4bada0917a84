import RushesEngine
import SystemPackage

/// One file being read.
actor DiskDownload {
    private nonisolated let executor = BlockingExecutor(label: "rushes.blob-download")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let path: String
    private var file: FileDescriptor?

    private init(path: String) {
        self.path = path
    }

    deinit {
        // A descriptor that was only read from cannot lose anything.
        try? file?.close()
    }

    /// Opens a file that exists.
    static func begin(_ path: String) async throws(BlobError) -> DiskDownload {
        let download = DiskDownload(path: path)
        try await download.open()
        return download
    }

    /// At most `count` bytes from a position; none at the end of the file.
    func read(_ count: Int, at position: Int64) throws(BlobError) -> [UInt8] {
        guard let file else { throw BlobError(.failed, "\(path) is not open") }
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                initializedCount = try file.read(
                    fromAbsoluteOffset: position, into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw BlobError("read", path, error)
        }
    }

    func close() {
        // As above.
        try? file?.close()
        file = nil
    }

    private func open() throws(BlobError) {
        do {
            file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
        } catch Errno.noSuchFileOrDirectory {
            throw BlobError(.missing, path)
        } catch {
            throw BlobError("open", path, error)
        }
    }
}
