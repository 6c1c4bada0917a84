package import RushesCore
package import RushesEngine
import Synchronization

/// Blobs as files below one folder; a file has its final name only when its bytes are durable.
///
/// Several processes may share the folder. Each writes unfinished files under a name of its own, so that none can
/// publish or remove what another one is writing.
package final class DiskBlobStore: BlobStore {
    /// Unfinished files older than this are left-overs of a crash.
    private static let partAgeMaxMilliseconds: Int64 = 3_600_000

    private let root: String
    private let owner: String
    private let bytesMax: Int64
    private let folders: DiskFolders
    private let partsBegun = Atomic(0)

    /// A store in a folder that another process has opened; nothing is made and nothing is removed.
    ///
    /// - Parameters:
    ///   - root: the folder, an absolute path.
    ///   - owner: a name that no other process has; letters and digits.
    ///   - bytesMax: the longest blob taken.
    package init(visiting root: String, owner: String, bytesMax: Int64 = Limits.assetBytesMax) {
        self.root = root
        self.owner = owner
        self.bytesMax = bytesMax
        folders = DiskFolders(root: root)
    }

    /// Opens a store below `root`, making the folder and removing unfinished files that are more than an hour old.
    ///
    /// - Parameters:
    ///   - root: the folder, an absolute path; its parent exists.
    ///   - owner: a name that no other process has; letters and digits.
    ///   - now: the wall clock's time, to tell old left-overs from writes that run.
    ///   - bytesMax: the longest blob taken.
    /// - Throws: `BlobError`.
    package static func open(
        _ root: String, owner: String, now: Timestamp, bytesMax: Int64 = Limits.assetBytesMax
    ) async throws(BlobError) -> DiskBlobStore {
        let store = DiskBlobStore(visiting: root, owner: owner, bytesMax: bytesMax)
        try await store.folders.make(store.partsFolder)
        try await store.folders.removeParts(
            in: store.partsFolder, changedBefore: now.adding(milliseconds: -partAgeMaxMilliseconds))
        return store
    }

    /// The file of a blob, for people: the demo shows it.
    package func path(of key: BlobKey) -> String { root + "/" + key.rawValue }

    package func localPath(of key: BlobKey) -> String? { path(of: key) }

    package func write(
        _ key: BlobKey,
        produce: (_ sink: any BlobSink) async throws -> Void
    ) async throws -> StoredBlob {
        let upload = try await beginUpload()
        do {
            try await produce(upload)
            try await upload.finish()
            try await folders.publish(upload.path, as: path(of: key))
        } catch {
            await upload.abandon()
            throw error
        }
        return StoredBlob(key: key, bytes: await upload.bytes, sha256: await upload.sha256)
    }

    package func length(of key: BlobKey) async throws(BlobError) -> Int64? {
        try await folders.length(of: path(of: key))
    }

    package func read(_ key: BlobKey, range: Range<Int64>, consume: ([UInt8]) async throws -> Void) async throws {
        precondition(range.lowerBound >= 0, "a range begins in the blob")
        let download = try await DiskDownload.begin(path(of: key))
        do {
            var position = range.lowerBound
            while position < range.upperBound {
                let wanted = min(Int64(Limits.blobChunkBytes), range.upperBound - position)
                let chunk = try await download.read(Int(wanted), at: position)
                guard !chunk.isEmpty else {
                    throw BlobError(.failed, "\(key) ends at byte \(position), before \(range.upperBound)")
                }
                try await consume(chunk)
                position += Int64(chunk.count)
            }
        } catch {
            await download.close()
            throw error
        }
        await download.close()
    }

    package func delete(_ key: BlobKey) async throws(BlobError) {
        try await folders.remove(path(of: key))
    }

    package func checkWritable() async throws {
        let upload = try await beginUpload()
        do {
            try await upload.append([UInt8](repeating: 0, count: 4_096))
            try await upload.finish()
        } catch {
            await upload.abandon()
            throw error
        }
        await upload.abandon()
    }

    private var partsFolder: String { root + "/.parts" }

    private func beginUpload() async throws(BlobError) -> DiskUpload {
        while true {
            let number = partsBegun.wrappingAdd(1, ordering: .relaxed).newValue
            let path = partsFolder + "/\(owner)-\(number).part"
            // Taken only when two owners have one name after all; the next number is tried.
            if let upload = try await DiskUpload.begin(path, bytesMax: bytesMax) { return upload }
        }
    }
}
