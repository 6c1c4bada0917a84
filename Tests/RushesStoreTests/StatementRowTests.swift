import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

@Suite("Where a month begins and ends in the ledger")
struct StatementRowTests {
    @Test("is the first transaction of that time or later, whatever follows", arguments: TestDatabase.allCases)
    func borders(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            let month = CalendarMonth(containing: world.clock.now)
            #expect(try await world.database.read { try $0.firstLedgerMonth(of: world.organization) } == nil)
            var times: [Int64] = []
            func post(at milliseconds: Int64) async throws {
                world.clock.advance(seconds: (milliseconds - world.clock.now.milliseconds) / 1_000)
                times.append(world.clock.now.milliseconds)
                try await world.grant(paid: 1_000_000, face: 1_000_000, reference: "pay-\(times.count)")
            }
            let end = month.next.start.milliseconds
            for number in 0..<20 { try await post(at: end - 80_000_000 + Int64(number) * 1_000_000) }
            // Around the border two that waited for one wallet have their times in the other order.
            for seconds: Int64 in [-300, -2, 1, -1, 3, 2, 500, 400] { try await post(at: end + seconds * 1_000) }
            let borders = try await frame(in: month, world)
            #expect(borders == [0, 22, 22, 28])
            #expect(times[21] < end && times[22] >= end && times[23] < end)
            for number in 1..<60 {
                try await post(at: end + 2_000_000 + Int64(number) * 90_000_000)
                #expect(try await frame(in: month, world) == [0, 22, 22, 28 + number])
            }
            let later = CalendarMonth(containing: world.clock.now)
            #expect(later > month.next)
            #expect(try await frame(in: later, world)[1] == 87)
            #expect(try await world.database.read { try $0.firstLedgerMonth(of: world.organization) } == month)
        }
    }

    /// Opening and closing of a month, opening of the next one, and the last number.
    private func frame(in month: CalendarMonth, _ world: StoreWorld) async throws -> [Int] {
        try await world.database.read { reader in
            let frame = try #require(try reader.statementFrame(of: world.organization, in: month))
            let next = try #require(try reader.statementFrame(of: world.organization, in: month.next))
            #expect(frame.closing == next.opening)
            #expect(frame.closing.available == Credits(micros: Int64(frame.closing.sequence) * 1_000_000))
            return [frame.opening.sequence, frame.closing.sequence, next.opening.sequence, frame.lastSequence]
        }
    }
}
