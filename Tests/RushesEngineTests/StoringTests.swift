import RushesCore
import RushesDatabase
import RushesEngine
import RushesSimulation
import RushesTesting
import Testing

@Suite("Storing finished videos", .onEachDatabase)
struct StoringTests {
    @Test(
        "a file that is no video is tried three times, then storage_error and refunded",
        arguments: TestDatabase.allCases)
    func corrupt(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            world.provider.script { script in
                script.video = { submission, _ in submission.prompt == "prompt 0" ? [1, 2, 3] : FakeProvider.video }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 10)
            let task = try await world.tasks(of: id)[0]
            #expect(task.failure?.type == .storageError && task.tries == 3 && task.asset == nil)
            #expect(try await world.batch(id).counts.succeeded == 9)
            #expect(try await world.wallet() == [10_000_000 - 9 * 490_000, 0])
            #expect(world.blobs.keys.count == 9)
            #expect(world.provider.submissions.count == 10)
        }
    }

    @Test("a download that breaks off once is repeated and succeeds")
    func once() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { script in
                script.video = { _, number in number < 3 ? Array(FakeProvider.video.dropLast(9)) : FakeProvider.video }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 10)
            #expect(try await world.batch(id).status == .completed)
        }
    }

    @Test("content that cannot be had for 40 s is asked for again: the video still lives at the provider")
    func outage() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            world.provider.script { $0.contentFault = ProviderFault(.transient, message: "scripted") }
            try await world.run(seconds: 40)
            #expect(try await world.batch(id).counts.running == 10)
            world.provider.script { $0.contentFault = nil }
            try await world.run(seconds: 4)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.count == 10)
        }
    }

    @Test("content that is gone for good is asked for three times")
    func gone() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            world.provider.script { $0.contentFault = ProviderFault(.lost, message: "scripted") }
            try await world.run(seconds: 20)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.storageError])
            #expect(world.provider.downloads == 30)
            #expect(try await world.wallet() == [10_000_000, 0])
        }
    }

    @Test("a video that the content rules keep back is not asked for again", arguments: TestDatabase.allCases)
    func moderated(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            let fault = ProviderFault(.moderated, code: "content_policy_violation", message: "scripted")
            world.provider.script { $0.contentFault = fault }
            try await world.run(seconds: 10)
            #expect(try await world.tasks(of: id).allSatisfy { $0.failure == fault.failure })
            #expect(world.provider.downloads == 10 && world.provider.submissions.count == 10)
            #expect(try await world.wallet() == [10_000_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("a success has its video: bytes, hash and key")
    func asset() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            try await world.run(seconds: 10)
            let page = try await world.batches.results(of: id, organization: world.organization, after: -1, limit: 100)
            for result in page.page.items {
                let asset = try #require(result.asset)
                #expect(asset.bytes == Int64(FakeProvider.video.count) && asset.sha256.count == 64)
                #expect(asset.blobKey == "\(world.organization)/\(id)/\(result.task.id)-1.mp4")
                #expect(try await world.blobs.length(of: BlobKey(asset.blobKey)) == asset.bytes)
            }
        }
    }

    @Test("a full disk fails the tasks as storage_error, within the grace after the deadline")
    func fullDisk() async throws {
        try await EngineWorld.with(blobs: MemoryBlobStore(fault: { _ in .full })) { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            try await world.run(seconds: 20)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.storageError])
            #expect(try await world.wallet() == [10_000_000, 0])
        }
    }

    @Test("a video that nobody stores fails a minute after its deadline")
    func grace() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            _ = try await Dispatcher(world.engine).step()
            world.clock.advance(seconds: 2)
            _ = try await Poller(world.engine).step()
            // No Archiver runs.
            world.clock.advance(seconds: 177)
            #expect(try await Sweeper(world.engine).step() == 0)
            world.clock.advance(seconds: 1)
            #expect(try await Sweeper(world.engine).step() == 10)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.storageError])
        }
    }
}
