import Crypto
import RushesCore
import RushesEngine
import SystemPackage

/// One file being written: hashed and counted on the way.
actor DiskUpload: BlobSink {
    nonisolated let path: String
    nonisolated var localPath: String? { path }
    private nonisolated let executor: BlockingExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let bytesMax: Int64
    private var file: FileDescriptor?
    private var hash = SHA256()
    private(set) var bytes: Int64 = 0

    private init(path: String, bytesMax: Int64) {
        self.path = path
        self.bytesMax = bytesMax
        executor = BlockingExecutor(label: "rushes.blob-upload")
    }

    deinit {
        // Only a caller that neither finished nor abandoned leaves it open; there is nobody left to tell.
        try? file?.close()
    }

    /// Begins a new file; nil when one has this name already.
    static func begin(_ path: String, bytesMax: Int64) async throws(BlobError) -> DiskUpload? {
        let upload = DiskUpload(path: path, bytesMax: bytesMax)
        return try await upload.open() ? upload : nil
    }

    func append(_ bytes: [UInt8]) throws(BlobError) {
        guard let file else { throw BlobError(.failed, "\(path) is not open") }
        guard self.bytes + Int64(bytes.count) <= bytesMax else {
            throw BlobError(.tooLarge, "more than \(bytesMax) bytes")
        }
        do {
            try file.writeAll(bytes)
        } catch {
            throw BlobError("write", path, error)
        }
        hash.update(data: bytes)
        self.bytes += Int64(bytes.count)
    }

    /// Makes the bytes durable and closes the file.
    func finish() throws(BlobError) {
        guard let file else { throw BlobError(.failed, "\(path) is not open") }
        do {
            try file.synchronize()
            self.file = nil
            try file.close()
        } catch {
            throw BlobError("fsync", path, error)
        }
    }

    /// Closes the file if it is open and removes it if it still has its first name.
    func abandon() {
        // The write failed already and the caller hears why; a file that stays is removed at the next start.
        try? file?.close()
        file = nil
        _ = try? FileSystem.removeFile(path)
    }

    /// SHA-256 of what was written, in lower-case hexadecimal.
    var sha256: String { Array(hash.finalize()).hexadecimal }

    private func open() throws(BlobError) -> Bool {
        do {
            file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead])
            return true
        } catch Errno.fileExists {
            return false
        } catch {
            throw BlobError("open", path, error)
        }
    }
}
