import Crypto
import RushesCore
package import RushesEngine
import Synchronization

/// Blobs in memory, for tests, simulation and benchmarks; it fails when its script says so.
package final class MemoryBlobStore: BlobStore {
    /// How a call fails.
    package enum Fault: Sendable {
        /// A write fails at the append that would pass this many bytes.
        case tear(afterBytes: Int64)
        /// A write finds the disk full.
        case full
        /// Every call fails.
        case failed
    }

    private let blobs = Mutex<[BlobKey: [UInt8]]>([:])
    private let bytesMax: Int64
    private let fault: @Sendable (BlobKey) -> Fault?
    private let pretendsFiles: Bool

    /// An empty store.
    ///
    /// - Parameters:
    ///   - bytesMax: the longest blob taken.
    ///   - pretendsFiles: names paths of blobs, for scripted programs that read no files.
    ///   - fault: asked at each call that names a blob.
    package init(
        bytesMax: Int64 = Limits.assetBytesMax, pretendsFiles: Bool = false,
        fault: @escaping @Sendable (BlobKey) -> Fault? = { _ in nil }
    ) {
        self.bytesMax = bytesMax
        self.pretendsFiles = pretendsFiles
        self.fault = fault
    }

    package func localPath(of key: BlobKey) -> String? { pretendsFiles ? key.rawValue : nil }

    /// The names of all blobs, in order.
    package var keys: [BlobKey] {
        blobs.withLock { $0.keys.sorted { $0.rawValue < $1.rawValue } }
    }

    package func write(
        _ key: BlobKey,
        produce: (_ sink: any BlobSink) async throws -> Void
    ) async throws -> StoredBlob {
        let sink = MemoryBlobSink(bytesMax: bytesMax, localPath: localPath(of: key), fault: fault(key))
        try await produce(sink)
        let content = sink.content
        blobs.withLock { $0[key] = content }
        let sha256 = SHA256.hash(data: content).reduce(into: "") { text, byte in
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return StoredBlob(key: key, bytes: Int64(content.count), sha256: sha256)
    }

    /// The bytes of a blob, whatever the script says; nil when there is none.
    func content(_ key: BlobKey) -> [UInt8]? { blobs.withLock { $0[key] } }

    package func length(of key: BlobKey) async throws -> Int64? {
        try content(of: key).map { Int64($0.count) }
    }

    package func read(_ key: BlobKey, range: Range<Int64>, consume: ([UInt8]) async throws -> Void) async throws {
        guard let content = try content(of: key) else { throw BlobError(.missing, key.rawValue) }
        var position = range.lowerBound
        while position < range.upperBound {
            let end = min(position + Int64(Limits.blobChunkBytes), range.upperBound, Int64(content.count))
            guard position < end else { throw BlobError(.failed, "\(key) ends at byte \(content.count)") }
            try await consume(Array(content[Int(position)..<Int(end)]))
            position = end
        }
    }

    package func delete(_ key: BlobKey) async throws {
        _ = try content(of: key)
        blobs.withLock { $0[key] = nil }
    }

    package func checkWritable() async throws {}

    private func content(of key: BlobKey) throws(BlobError) -> [UInt8]? {
        if case .failed = fault(key) { throw BlobError(.failed, "scripted") }
        return blobs.withLock { $0[key] }
    }
}

/// Collects the bytes of one write.
private final class MemoryBlobSink: BlobSink {
    private let bytes = Mutex<[UInt8]>([])
    private let bytesMax: Int64
    private let fault: MemoryBlobStore.Fault?

    let localPath: String?

    init(bytesMax: Int64, localPath: String?, fault: MemoryBlobStore.Fault?) {
        self.bytesMax = bytesMax
        self.localPath = localPath
        self.fault = fault
    }

    var content: [UInt8] { bytes.withLock { $0 } }

    func append(_ more: [UInt8]) async throws {
        try bytes.withLock { bytes in
            let total = Int64(bytes.count + more.count)
            switch fault {
            case .tear(let limit) where total > limit: throw BlobError(.failed, "torn after \(limit) bytes")
            case .full: throw BlobError(.full, "scripted")
            case .failed: throw BlobError(.failed, "scripted")
            case .tear, nil: break
            }
            guard total <= bytesMax else { throw BlobError(.tooLarge, "more than \(bytesMax) bytes") }
            bytes += more
        }
    }
}
