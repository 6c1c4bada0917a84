import Logging
import RushesCore
import RushesDatabase
import RushesStore

/// Streams finished videos from the provider into the blob store, checks them, and only then lets the task succeed.
package struct Archiver: Worker {
    package let name = "archiver"
    private let engine: Engine
    private static let width = 4

    /// An Archiver of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let engine = engine
        let tasks = try await engine.claimDueTasks(
            in: .storing, limit: Limits.tasksPerArchiveStepMax, leaseMilliseconds: VideoTask.storeLeaseMilliseconds)
        let width = min(Self.width, engine.fanOutWidth)
        try await FanOut(width: width, environment: engine.environment).run(tasks) { task in
            await Self.store(task, engine)
        } flush: { outcomes in
            let steps = try outcomes.map { task, blob in try step(for: task, blob) }
            _ = try await engine.database.write { transaction in
                try transaction.commit(steps, ids: engine.environment.ids)
            }
            engine.signals.settler.wake()
        }
        return tasks.count
    }

    /// Stores one video under a key made from its attempt, so that storing again is harmless.
    private static func store(_ task: VideoTask, _ engine: Engine) async -> (VideoTask, StoredBlob?) {
        guard let job = task.job, let provider = engine.providers.provider(for: task.lane) else { return (task, nil) }
        do {
            return (task, try await copy(job, from: provider, to: task.blobKey, engine))
        } catch {
            engine.logger.warning(
                "video was not stored", metadata: ["task.id": "\(task.id)", "error": "\(error)"])
            return (task, nil)
        }
    }

    private static func copy(
        _ job: ProviderJobID, from provider: any VideoProvider, to key: BlobKey, _ engine: Engine
    ) async throws -> StoredBlob {
        try await engine.blobs.write(key) { sink in
            var inspector = MP4Inspector()
            try await provider.download(job) { event in
                switch event {
                case .began(let length): inspector = MP4Inspector(announcedBytes: length)
                case .bytes(let bytes):
                    inspector.consume(bytes)
                    if let defect = inspector.defect { throw defect }
                    try await sink.append(bytes)
                }
            }
            try inspector.finish()
        }
    }

    private func step(for task: VideoTask, _ blob: StoredBlob?) throws -> TaskStep {
        let now = engine.environment.now()
        var after = task
        guard let blob else {
            try after.storeFailed(at: now)
            return TaskStep(before: task, after: after)
        }
        let asset = Asset(
            id: engine.environment.ids.next(AssetIdentity.self), organization: task.organization, task: task.id,
            batch: task.batch, blobKey: blob.key.rawValue, bytes: blob.bytes, sha256: blob.sha256, createdAt: now)
        try after.stored(asset.id, at: now)
        return TaskStep(before: task, after: after, asset: asset)
    }
}

extension VideoTask {
    /// Where this attempt's video is kept.
    var blobKey: BlobKey { BlobKey("\(organization)/\(batch)/\(id)-\(attempt).mp4") }
}
