import RushesCore
import Testing

@Suite struct StatementTests {
    private static func statement(
        of history: LedgerHistory, from first: Int, to last: Int, opening: LedgerEnd? = nil, dropsLot: Bool = false
    ) throws -> Statement {
        var movements = StatementMovements()
        var tally = LotTally()
        for link in history.links[..<last] {
            tally.take(link.lines)
            if link.sequence >= first { movements.take(link) }
        }
        let lots = tally.lots.sorted { $0.key < $1.key }.dropFirst(dropsLot ? 1 : 0).map {
            LotStanding(id: $0.key, origin: .package, balances: $0.value)
        }
        return try Statement(
            organization: id(1), month: CalendarMonth(containing: moment(0)), isClosed: true,
            opening: opening ?? history.end(at: first - 1), closing: history.end(at: last), movements: movements,
            lots: Array(lots))
    }

    @Test func everyKindHasItsPlace() throws {
        let history = try LedgerHistory.withEveryKind()
        let movements = try Self.statement(of: history, from: 1, to: history.links.count).movements
        #expect(movements.bought == credits(2_285_200_000) && movements.paid == dollars(2_009_000_000))
        #expect(movements.granted == credits(50_000_000))
        #expect(movements.adjusted == credits(5_000_000))
        #expect(movements.captured == ["veo-pro": credits(521_130_000)])
        #expect(movements.expired == credits(5_000_000) && movements.revoked == credits(9_000_000))
        #expect(movements.refunded == dollars(9_000_000))
        #expect(movements.holdsOpened == credits(599_000_000) && movements.holdsReleased == credits(77_870_000))
    }

    /// Wherever the months are cut, each begins where the one before ended, and no cut is refused.
    @Test func monthsFollowEachOtherWithoutAGap() throws {
        let history = try LedgerHistory.withEveryKind()
        let count = history.links.count
        for cut in 0...count {
            let first = try Self.statement(of: history, from: 1, to: cut)
            let second = try Self.statement(of: history, from: cut + 1, to: count)
            #expect(first.closing == second.opening)
            #expect(
                first.movements.capturedTotal + second.movements.capturedTotal == credits(521_130_000))
        }
    }

    @Test func whatDoesNotAddUpIsNoStatement() throws {
        let history = try LedgerHistory.withEveryKind()
        let opening = LedgerEnd(sequence: 0, chainHead: "x", available: credits(1), held: .zero)
        #expect(throws: StatementDefect.self) {
            try Self.statement(of: history, from: 1, to: 4, opening: opening)
        }
        #expect(throws: StatementDefect.self) { try Self.statement(of: history, from: 1, to: 4, dropsLot: true) }
    }

    /// A goodwill refund after the end of a batch takes a charge back without a hold.
    @Test func aChargeThatIsTakenBackIsNoRelease() throws {
        var history = try LedgerHistory.withEveryKind()
        history.post(
            "goodwill", "goodwill:1",
            [
                line("consumed:veo-pro", -5_990_000), line("lot:\(id(1) as LotID):available", 5_990_000),
                cashLine("revenue:veo-pro", 5_263_157), cashLine("deferred:\(id(1) as LotID)", -5_263_157),
            ])
        let count = history.links.count
        let statement = try Self.statement(of: history, from: count, to: count)
        #expect(statement.movements.captured == ["veo-pro": credits(-5_990_000)])
        #expect(statement.movements.holdsReleased == .zero)
    }

    @Test func aMonthClosesTenMinutesAfterItsEnd() throws {
        let month = try #require(CalendarMonth("2026-11"))
        let end = month.next.start
        #expect(!Statement.isClosed(month, at: end.adding(milliseconds: 599_999)))
        #expect(Statement.isClosed(month, at: end.adding(milliseconds: 600_000)))
    }
}
