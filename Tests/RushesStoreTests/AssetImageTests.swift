import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

@Suite("Images of stored videos")
struct AssetImageTests {
    private static func image(_ work: Illustration, _ kind: AssetImage.Kind, at now: Timestamp) -> AssetImage {
        AssetImage(
            asset: work.asset.id, kind: kind, blobKey: work.blobKey(kind, .jpeg), format: .jpeg, bytes: 7,
            sha256: String(repeating: "b", count: 64), createdAt: now)
    }

    /// A world with two stored videos.
    private func with(_ kind: TestDatabase, _ work: (StoreWorld, [VideoTask]) async throws -> Void) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let running = try await world.run(try await world.create(5).tasks)
            try await world.succeed(Array(running[..<2]))
            try await work(world, running)
        }
    }

    private func claim(_ world: StoreWorld, limit: Int = 10) async throws -> [Illustration] {
        try await world.database.write { try $0.claimIllustrations(limit: limit) }
    }

    @Test("a stored video is work, taken once until its lease is over", arguments: TestDatabase.allCases)
    func claims(_ kind: TestDatabase) async throws {
        try await with(kind) { world, tasks in
            #expect(try await world.database.read { try $0.isAnyIllustrationDue() })
            let first = try await claim(world, limit: 1)
            let second = try await claim(world)
            #expect(first.count == 1 && second.count == 1)
            #expect(Set((first + second).map(\.asset.task)) == Set(tasks[..<2].map(\.id)))
            let work = try #require(first.first)
            #expect(work.tries == 1 && work.attempt == 1 && work.seconds == 8 && work.lane == StoreWorld.lane)
            #expect(work.job == ProviderJobID("job-\(work.asset.task)"))
            #expect(work.missing == [.poster, .spritesheet])
            #expect(try await claim(world) == [])
            #expect(try await !world.database.read { try $0.isAnyIllustrationDue() })
            world.clock.advance(seconds: Illustration.leaseMilliseconds / 1_000)
            #expect(try await claim(world).map(\.tries) == [2, 2])
        }
    }

    @Test("what is found stays; the rest is looked for again", arguments: TestDatabase.allCases)
    func finish(_ kind: TestDatabase) async throws {
        try await with(kind) { world, _ in
            let work = try #require(try await claim(world, limit: 1).first)
            let now = world.clock.now
            let poster = Self.image(work, .poster, at: now)
            let again = now.adding(seconds: 5)
            #expect(try await world.database.write { try $0.finish(work, [poster], again: again) })
            #expect(try await world.database.read { try $0.images(of: [work.asset.id]) } == [work.asset.id: [poster]])
            world.clock.advance(seconds: 5)
            let next = try #require(try await claim(world).first { $0.asset == work.asset })
            #expect(next.missing == [.spritesheet] && next.tries == 2)
            let sheet = Self.image(next, .spritesheet, at: now)
            // The first try was slow: it may not write any more.
            #expect(try await !world.database.write { try $0.finish(work, [sheet], again: nil) })
            #expect(try await world.database.write { try $0.finish(next, [sheet], again: nil) })
            #expect(try await !world.database.write { try $0.finish(next, [sheet], again: nil) })
            world.clock.advance(seconds: 100_000)
            #expect(try await claim(world).allSatisfy { $0.asset != work.asset })
        }
    }

    @Test("an image never changes, and there is one of a kind", arguments: TestDatabase.allCases)
    func seal(_ kind: TestDatabase) async throws {
        try await with(kind) { world, _ in
            let work = try #require(try await claim(world, limit: 1).first)
            let poster = Self.image(work, .poster, at: world.clock.now)
            #expect(try await world.database.write { try $0.finish(work, [poster], again: world.clock.now) })
            try await world.expectRefusal("append-only") { transaction in
                _ = try transaction.execute("UPDATE asset_image SET bytes = 8", [])
            }
            try await world.expectRefusal("append-only") { transaction in
                _ = try transaction.execute("DELETE FROM asset_image", [])
            }
            try await world.expectRefusal("not deleted") { transaction in
                _ = try transaction.execute("DELETE FROM illustration", [])
            }
            try await world.expectRefusal("unique constraint") { transaction in
                _ = try transaction.finish(work, [poster], again: nil)
            }
        }
    }
}
