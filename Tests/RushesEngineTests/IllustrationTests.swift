import RushesCore
import RushesDatabase
import RushesEngine
import RushesSimulation
import RushesStore
import RushesTesting
import Synchronization
import Testing

/// Programs whose answers a test writes.
struct FakeMedia: MediaTools {
    var look: @Sendable (String) throws -> VideoFacts? = { _ in nil }
    var image: @Sendable (AssetImage.Kind) throws -> [UInt8]? = { _ in nil }

    func look(into path: String) async throws -> VideoFacts? { try look(path) }

    func makeImage(_ kind: AssetImage.Kind, of path: String, seconds: Int) async throws -> [UInt8]? { try image(kind) }

    static func lasting(_ milliseconds: Int64) -> FakeMedia {
        FakeMedia(look: { _ in VideoFacts(durationMilliseconds: milliseconds, width: 1_280, height: 720) })
    }
}

private let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 7, count: 20) + [0xFF, 0xD9]
private let webp: [UInt8] = Array("RIFF".utf8) + [12, 0, 0, 0] + Array("WEBP".utf8) + Array(repeating: 7, count: 8)

@Suite("Looking into videos, and their images", .onEachDatabase)
struct IllustrationTests {
    /// A batch of ten on a store whose blobs have paths, run for some seconds.
    private func with(
        _ media: FakeMedia, seconds: Int64 = 8, _ script: (inout FakeProvider.Script) -> Void = { _ in },
        _ work: (EngineWorld, BatchID) async throws -> Void
    ) async throws {
        try await EngineWorld.with(blobs: MemoryBlobStore(pretendsFiles: true), media: media) { world in
            world.provider.script(script)
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            try await world.run(seconds: seconds)
            try await work(world, id)
        }
    }

    private func images(_ world: EngineWorld, _ id: BatchID) async throws -> [[AssetImage]] {
        let assets = try await world.tasks(of: id).compactMap(\.asset)
        let found = try await world.database.read { try $0.images(of: assets) }
        return assets.map { found[$0] ?? [] }
    }

    @Test("a video of another length than was asked for is tried three times, then storage_error")
    func duration() async throws {
        try await with(.lasting(9_000), seconds: 12) { world, id in
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.storageError])
            #expect(world.provider.downloads == 30 && world.blobs.keys.isEmpty)
            #expect(try await world.wallet() == [10_000_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("a video that no program can open is storage_error")
    func unreadable() async throws {
        try await with(FakeMedia(look: { _ in throw VideoDefect.unreadable("x") }), seconds: 12) { world, id in
            let types = try await world.tasks(of: id).map(\.failure?.type)
            #expect(Set(types) == [.storageError])
        }
    }

    @Test("the right length, no program, or one that does not work: delivered")
    func delivered() async throws {
        let broken = FakeMedia(look: { _ in throw MediaError("x") })
        for media in [.lasting(4_100), FakeMedia(), broken] {
            try await with(media) { world, id in
                let batch = try await world.batch(id)
                #expect(batch.status == .completed)
            }
        }
    }

    @Test("the provider's images are kept; what it does not have is made here")
    func sources() async throws {
        try await with(FakeMedia(image: { _ in jpeg })) { script in
            script.image = { kind in
                guard kind == .poster else { throw ProviderError(ProviderFault(.permanentRequest, message: "none")) }
                return webp
            }
        } _: { world, id in
            for images in try await images(world, id) {
                #expect(images.map(\.kind) == [.poster, .spritesheet] && images.map(\.format) == [.webp, .jpeg])
                for image in images {
                    #expect(try await world.blobs.length(of: BlobKey(image.blobKey)) == image.bytes)
                    #expect(image.sha256.count == 64)
                }
            }
            let detail = try await AccessService(world.engine).assetWithImages(
                try #require(try await world.tasks(of: id).first?.asset), of: world.organization)
            #expect(detail.images.count == 2)
        }
    }

    @Test("what a provider passes off as an image is not kept")
    func forged() async throws {
        try await with(FakeMedia(image: { _ in jpeg })) { script in
            script.image = { _ in Array("<svg onload='alert(1)'></svg>".utf8) }
        } _: { world, id in
            let images = try await images(world, id)
            #expect(images.allSatisfy { $0.map(\.format) == [.jpeg, .jpeg] })
        }
    }

    @Test("images that cannot be had hold nothing up, and are looked for again")
    func unavailable() async throws {
        try await with(FakeMedia()) { script in
            script.image = { _ in throw ProviderError(ProviderFault(.transient, message: "away")) }
        } _: { world, id in
            #expect(try await world.batch(id).status == .completed)
            #expect(try await world.wallet() == [10_000_000 - 10 * 490_000, 0])
            #expect(try await images(world, id).allSatisfy(\.isEmpty))
            world.provider.script { $0.image = { _ in webp } }
            try await world.run(seconds: 60)
            #expect(try await images(world, id).allSatisfy { $0.count == 2 })
        }
    }

    @Test("a provider that never gives its images is asked six times; then they are made here")
    func lastTry() async throws {
        let asked = Mutex(0)
        try await with(FakeMedia(image: { _ in jpeg })) { script in
            script.image = { _ in
                asked.withLock { $0 += 1 }
                throw ProviderError(ProviderFault(.timeout, message: "silent"))
            }
        } _: { world, id in
            for _ in 0..<10 {
                world.clock.advance(seconds: 1_200)
                _ = try await Illustrator(world.engine).step()
            }
            #expect(try await images(world, id).allSatisfy { $0.map(\.format) == [.jpeg, .jpeg] })
            #expect(asked.withLock { $0 } == 10 * 2 * 6)
            #expect(try await Illustrator(world.engine).step() == 0)
        }
    }
}
