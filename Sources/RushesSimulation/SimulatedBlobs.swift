import RushesCore
import RushesEngine

/// The blob store of the world, which fails as the rates say, or forgets what it was given when that bug is planted.
struct SimulatedBlobs: BlobStore {
    private let real: MemoryBlobStore
    private let bug: PlantedBug?

    init(provider: ScriptedProvider, chance: SeededChance, bug: PlantedBug?) {
        self.bug = bug
        real = MemoryBlobStore { _ in
            guard chance.happens(provider.rates.blob) else { return nil }
            return chance.choice(of: [.tear(afterBytes: chance.between(Int64(0), 150)), .full, .failed])
        }
    }

    func write(
        _ key: BlobKey, produce: (_ sink: any BlobSink) async throws -> Void
    ) async throws -> StoredBlob {
        let blob = try await real.write(key, produce: produce)
        if bug == .succeedsWithoutVideo { try await real.delete(key) }
        return blob
    }

    func length(of key: BlobKey) async throws -> Int64? { try await real.length(of: key) }
    func read(_ key: BlobKey, range: Range<Int64>, consume: ([UInt8]) async throws -> Void) async throws {
        try await real.read(key, range: range, consume: consume)
    }
    func delete(_ key: BlobKey) async throws { try await real.delete(key) }
    func checkWritable() async throws { try await real.checkWritable() }

    /// The whole blob as it really is, without faults; nil when there is none.
    func content(of key: BlobKey) -> [UInt8]? { real.content(key) }

    /// The names of all blobs.
    var keys: [BlobKey] { real.keys }
}
