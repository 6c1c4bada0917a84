import Logging
import RushesCore
import RushesDatabase
import RushesStore

/// Streams finished videos from the provider into the blob store, checks them, and only then lets the task succeed.
package struct Archiver: Worker {
    package let name = "archiver"
    private let engine: Engine
    private static let width = 16

    /// An Archiver of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let engine = engine
        let due = try await engine.claimDueTasks(
            in: .storing, limit: Limits.tasksPerArchiveStepMax, leaseMilliseconds: VideoTask.storeLeaseMilliseconds)
        let width = min(Self.width, engine.fanOutWidth)
        try await FanOut(width: width, environment: engine.environment).run(due.tasks) { task in
            (task, await Self.store(task, due.lease, engine))
        } flush: { outcomes in
            try await commit(outcomes)
        }
        return due.tasks.count
    }

    fileprivate enum Outcome: Sendable {
        case stored(StoredBlob)
        case failed
        /// The provider did not begin to give the video.
        case refused(ProviderFault)
        /// So much of the lease was gone that the download could have outlived it.
        case notStarted
    }

    /// Stores one video under a key made from its attempt, so that storing again is harmless.
    private static func store(_ task: VideoTask, _ lease: Lease, _ engine: Engine) async -> Outcome {
        guard lease.leftMilliseconds >= VideoTask.storeCallMilliseconds, !Task.isCancelled else { return .notStarted }
        guard let job = task.job, let provider = engine.providers.provider(for: task.lane) else { return .failed }
        var hasBegun = false
        do {
            let seconds = task.specification.seconds
            return .stored(
                try await copy(job, seconds, from: provider, to: task.blobKey, engine) { hasBegun = true })
        } catch {
            engine.logger.warning(
                "video was not stored", metadata: ["task.id": "\(task.id)", "error": "\(error)"])
            guard !hasBegun, let fault = (error as? ProviderError)?.fault else { return .failed }
            return .refused(fault)
        }
    }

    private static func copy(
        _ job: ProviderJobID, _ seconds: Int, from provider: any VideoProvider, to key: BlobKey, _ engine: Engine,
        onBegin: () -> Void
    ) async throws -> StoredBlob {
        try await engine.blobs.write(key) { sink in
            var inspector = MP4Inspector()
            try await provider.download(job) { event in
                switch event {
                case .began(let length):
                    onBegin()
                    inspector = MP4Inspector(announcedBytes: length)
                case .bytes(let bytes):
                    inspector.consume(bytes)
                    if let defect = inspector.defect { throw defect }
                    try await sink.append(bytes)
                }
            }
            try inspector.finish()
            // Before the blob has its name: what is not the video that was asked for is never seen.
            let facts = try await look(into: sink, engine)
            if let defect = facts?.defect(askedSeconds: seconds) { throw defect }
        }
    }

    /// Nil when nobody can tell: a video is not refused because our own program had trouble.
    private static func look(into sink: any BlobSink, _ engine: Engine) async throws -> VideoFacts? {
        guard let path = sink.localPath else { return nil }
        do {
            return try await engine.media.look(into: path)
        } catch let error as MediaError {
            engine.logger.warning("video was not looked into", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func commit(_ outcomes: [(VideoTask, Outcome)]) async throws {
        let ids = engine.environment.ids
        let committed = try await engine.database.writeByKey { transaction in
            let steps = try outcomes.map { task, outcome in try task.step(outcome, at: transaction.now, ids) }
            return try transaction.commit(steps, ids: ids)
        }
        engine.measure(committed)
        engine.signals.settler.wake()
    }
}

extension VideoTask {
    fileprivate func step(_ outcome: Archiver.Outcome, at now: Timestamp, _ ids: any IDSource) throws -> TaskStep {
        var after = self
        switch outcome {
        case .stored(let blob):
            let asset = Asset(
                id: ids.next(AssetIdentity.self), organization: organization, task: id, batch: batch,
                blobKey: blob.key.rawValue, bytes: blob.bytes, sha256: blob.sha256, createdAt: now)
            try after.stored(asset.id, at: now)
            return TaskStep(before: self, after: after, asset: asset)
        case .failed: try after.storeFailed(at: now)
        case .refused(let fault): try after.storeRefused(fault, at: now)
        case .notStarted: try after.storeNotStarted(at: now)
        }
        return TaskStep(before: self, after: after)
    }
}

extension VideoTask {
    /// Where this attempt's video is kept.
    var blobKey: BlobKey { blobKey(ofAttempt: attempt) }

    /// Where the video of one of its attempts is kept.
    func blobKey(ofAttempt number: Int) -> BlobKey { BlobKey("\(organization)/\(batch)/\(id)-\(number).mp4") }
}
