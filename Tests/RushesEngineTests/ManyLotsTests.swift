import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("A wallet with many lots", .onEachDatabase)
struct ManyLotsTests {
    /// What one video costs.
    private static let price: Int64 = 490_000

    @Test("the next date is drawn first, however late the lot came", arguments: TestDatabase.allCases)
    func order(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(Self.price)
            // Each gift ends before the one that came before it, so that the last ones are drawn first.
            for number in 1...30 {
                _ = try await world.operators.grant(
                    world.gift(micros: Self.price, seconds: 7_200 - number * 60, reference: "gift-\(number)"))
            }
            let batch = try await world.create(10, requestID: "first").id
            let drawn = try await world.rows(
                """
                SELECT l.sequence FROM hold_part p INNER JOIN lot l ON l.id = p.lot_id
                WHERE p.batch_id = '\(batch)' ORDER BY p.place
                """)
            #expect(try drawn.map { try $0.int(0) } == Array((22...31).reversed()))
            // What is left is told exactly, though it is in more lots than a freeze looks at first.
            await #expect(throws: Refusal.insufficientCredits(needed: credits(22), available: credits(21))) {
                try await world.create(22, requestID: "second")
            }
            let rest = try await world.create(21, requestID: "third").id
            let parts = try await world.rows("SELECT COUNT(*) FROM hold_part WHERE batch_id = '\(rest)'")
            #expect(try parts[0].int(0) == 21)
            #expect(try await world.wallet() == [0, 31 * Self.price])
            try await world.expectIntact()
        }
    }

    @Test("what is past its date is not drawn, though it is not posted yet", arguments: TestDatabase.allCases)
    func pastDate(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            for number in 1...12 {
                _ = try await world.operators.grant(
                    world.gift(micros: Self.price, seconds: 60, reference: "gift-\(number)"))
            }
            try await world.topUp(10 * Self.price)
            world.clock.advance(seconds: 61)
            await #expect(throws: Refusal.insufficientCredits(needed: credits(11), available: credits(10))) {
                try await world.create(11, requestID: "first")
            }
            _ = try await world.create(10, requestID: "second")
            #expect(try await Expirer(world.engine).step() == 12)
            #expect(try await world.wallet() == [0, 10 * Self.price])
            try await world.expectIntact()
        }
    }

    private func credits(_ videos: Int64) -> Credits { Credits(micros: videos * Self.price) }
}
