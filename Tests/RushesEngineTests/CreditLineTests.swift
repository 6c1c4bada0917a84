import RushesCore
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("A credit line that is lowered", .onEachDatabase)
struct CreditLineTests {
    @Test("leaves nothing free beyond its limit, also when a batch gives back what it had frozen before")
    func lowered() async throws {
        try await EngineWorld.with { world in
            let organization = world.organization
            func limit(_ micros: Int64) async throws {
                _ = try await world.operators.setCreditLine(
                    of: organization, limit: Credits(micros: micros), reason: "contract", by: "ada")
            }
            try await limit(20_000_000)
            world.provider.script { $0.poll = { $0.prompt.hasSuffix("0") ? .completed : .gaveUp(.moderated) } }
            let batch = try await world.create(10)
            try await limit(490_000)
            let wallet = try await world.credits.wallet(of: organization)
            #expect(wallet.available == .zero && wallet.held == batch.frozen)
            try await world.run(seconds: 30)
            #expect(try await world.batches.batch(batch.id, of: organization).charged.micros == 490_000)
            // One video was used of a limit of one; the nine that came back are gone.
            let after = try await world.credits.wallet(of: organization)
            #expect(after.available == .zero && after.held == .zero)
            try await world.expectIntact()
            try await limit(980_000)
            #expect(try await world.credits.wallet(of: organization).available.micros == 490_000)
            try await world.expectIntact()
        }
    }

    @Test("takes back what is past its month and not posted as expired yet", arguments: TestDatabase.allCases)
    func loweredPastItsMonth(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            for (limit, days) in [(52_000_000, 32), (40_000_000, 0)] as [(Int64, Int64)] {
                _ = try await world.operators.setCreditLine(
                    of: world.organization, limit: Credits(micros: limit), reason: "contract", by: "ada")
                world.clock.advance(seconds: days * 86_400)
            }
            try await world.expectIntact()
            while try await Expirer(world.engine).step() > 0 {}
            #expect(try await world.wallet() == [40_000_000, 0])
            try await world.expectIntact()
        }
    }
}
