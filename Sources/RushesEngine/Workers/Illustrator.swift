import Logging
import RushesCore
import RushesDatabase
import RushesStore

/// Keeps a poster and a sprite sheet beside each stored video: the provider's own while it has them, else made here.
///
/// Best effort, in a worker of its own: the task has succeeded already, and nothing waits for its images (ADR 0017).
package struct Illustrator: Worker {
    package let name = "illustrator"
    private let engine: Engine
    private static let width = 4

    /// An Illustrator of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let engine = engine
        guard try await engine.database.read({ try $0.isAnyIllustrationDue() }) else { return 0 }
        let lease = Lease(milliseconds: Illustration.leaseMilliseconds, engine.environment)
        let works = try await engine.database.write { transaction in
            try transaction.claimIllustrations(limit: Limits.illustrationsPerStepMax)
        }
        try await FanOut(width: min(Self.width, engine.fanOutWidth), environment: engine.environment).run(works) {
            // What this step does not get to is due again when the lease is over.
            lease.leftMilliseconds >= Self.workMilliseconds ? ($0, await Self.findings(of: $0, engine)) : nil
        } flush: { findings in
            try await commit(findings.compactMap(\.self))
        }
        return works.count
    }

    /// Both images, each at first from the provider and then by a program of ours.
    private static let workMilliseconds =
        2 * (DownloadLimits.image.longestMilliseconds + Limits.imageMakingMilliseconds)

    fileprivate enum Finding: Sendable {
        case found(AssetImage.Kind, ImageFormat, StoredBlob)
        /// There is none and there will be none.
        case absent
        case later
    }

    private static func findings(of work: Illustration, _ engine: Engine) async -> [Finding] {
        var findings: [Finding] = []
        for kind in work.missing { findings.append(await finding(kind, of: work, engine)) }
        return findings
    }

    private static func finding(_ kind: AssetImage.Kind, of work: Illustration, _ engine: Engine) async -> Finding {
        do {
            guard let content = try await content(kind, of: work, engine) else { return .absent }
            guard let format = ImageFormat(content) else { throw MediaError("a \(kind.rawValue) in no known format") }
            let blob = try await engine.blobs.write(BlobKey(work.blobKey(kind, format))) { sink in
                try await sink.append(content)
            }
            return .found(kind, format, blob)
        } catch {
            engine.logger.info(
                "image was not stored",
                metadata: ["asset.id": "\(work.asset.id)", "image": "\(kind.rawValue)", "error": "\(error)"])
            return work.isLastTry ? .absent : .later
        }
    }

    /// The provider's own image, or when it has none, or is asked for the last time in vain, one of ours.
    private static func content(
        _ kind: AssetImage.Kind, of work: Illustration, _ engine: Engine
    ) async throws -> [UInt8]? {
        if let provider = engine.providers.provider(for: work.lane) {
            do {
                let content = try await download(kind, of: work.job, from: provider)
                if ImageFormat(content) != nil { return content }
            } catch let error as ProviderError where !error.fault.isPassing || work.isLastTry {
                // The dialect has no images, or this provider does not: the video itself is here.
            }
        }
        guard let path = engine.blobs.localPath(of: BlobKey(work.asset.blobKey)) else { return nil }
        return try await engine.media.makeImage(kind, of: path, seconds: work.seconds)
    }

    private static func download(
        _ kind: AssetImage.Kind, of job: ProviderJobID, from provider: any VideoProvider
    ) async throws -> [UInt8] {
        var content: [UInt8] = []
        try await provider.downloadImage(kind, of: job) { event in
            switch event {
            case .began: content = []
            case .bytes(let bytes):
                content += bytes
                guard content.count <= Limits.imageBytesMax else { throw BlobError(.tooLarge, "an image") }
            }
        }
        return content
    }

    private func commit(_ findings: [(Illustration, [Finding])]) async throws {
        try await engine.database.write { transaction in
            // In one order on all nodes, so that no two of them wait for each other.
            for (work, findings) in findings.sorted(by: { $0.0.asset.id < $1.0.asset.id }) {
                let images = findings.compactMap { $0.image(of: work, at: transaction.now) }
                let isOpen = findings.contains { if case .later = $0 { true } else { false } }
                _ = try transaction.finish(
                    work, images, again: isOpen ? work.nextTry(after: transaction.now) : nil)
            }
        }
    }
}

extension Illustrator.Finding {
    fileprivate func image(of work: Illustration, at now: Timestamp) -> AssetImage? {
        switch self {
        case .found(let kind, let format, let blob):
            AssetImage(
                asset: work.asset.id, kind: kind, blobKey: blob.key.rawValue, format: format, bytes: blob.bytes,
                sha256: blob.sha256, createdAt: now)
        case .absent, .later: nil
        }
    }
}
