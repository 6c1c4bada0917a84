import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

/// What a credit line has used and owes is added up by the database, in statements whose results are bounded.
@Suite("Sums of a credit line")
struct CreditLineSumTests {
    @Test("each span of postings adds up to what its lines say", arguments: TestDatabase.allCases)
    func uses(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.lineHistory()
            let (organization, last) = (world.organization, try await world.lastSequence())
            for (first, through) in [(0, last), (0, 5), (6, last - 1), (last, last)] {
                let expected = try await world.usesByHand(after: first, through: through)
                for page in [1, 2, 7, 10_000] {
                    let uses = try await world.database.read { reader in
                        try reader.creditLineUses(
                            of: organization, after: first, through: through, transactionsPerSum: page)
                    }
                    #expect(
                        uses.map(\.captured.micros) == expected.map(\.captured), "\(first) to \(through) by \(page)")
                    #expect(uses.map(\.count) == expected.map(\.count))
                }
            }
        }
    }

    @Test("the first video of a posting that a package began is counted once", arguments: TestDatabase.allCases)
    func begun(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.lineHistory()
            let organization = world.organization
            let uses = try await world.database.read { reader in
                try reader.creditLineUses(of: organization, after: 0, through: 1_000_000)
            }
            let use = try #require(uses.first)
            // 5 and 3 whole videos, and 6 of which a package paid 1.00 of the first.
            #expect(use.model == "veo-pro" && use.count == 14 && use.captured == Credits(micros: 82_860_000))
        }
    }

    @Test("a month that somebody has closed meanwhile is not closed again", arguments: TestDatabase.allCases)
    func closedMeanwhile(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.lineHistory()
            let organization = world.organization
            world.clock.advance(seconds: 40 * 86_400)
            let found = try await world.database.read { try $0.useOfMonthToClose(of: organization) }
            let use = try #require(found)
            let closed = try await world.close(use)
            #expect(closed?.invoice?.sums.net == Dollars(micros: 82_860_000))
            #expect(try await world.close(use) == nil)
        }
    }

    @Test("neither reads what was bought, whatever there is of it", arguments: TestDatabase.oneOfEach)
    func plans(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.lineHistory()
            let recorder = RecordingDatabase(world.database)
            let organization = world.organization
            try await recorder.read { reader in
                _ = try reader.owed(byCreditLineOf: organization)
                _ = try reader.creditLineUses(of: organization, after: 1, through: 9)
            }
            let owed = try await QueryPlan(
                of: recorder.statements[0].sql, recorder.statements[0].values, on: world.database)
            #expect(owed.growth == [])
            for index in ["lot_credit_line", "invoice_month"] {
                #expect(owed.lines.contains { $0.contains(index) }, "\(owed.lines)")
            }
            // What is grouped is a span of postings, and a row of the result is one model at one price.
            let uses = try await QueryPlan(
                of: recorder.statements[1].sql, recorder.statements[1].values, on: world.database)
            #expect(uses.growth.filter { $0 != "USE TEMP B-TREE FOR GROUP BY" } == [], "\(uses.lines)")
        }
    }
}

extension StoreWorld {
    /// Batches that the line pays for wholly, in several postings, and one that a package begins.
    fileprivate func lineHistory() async throws {
        try await setLine(200_000_000)
        try await use(5, of: "whole")
        let parts = try await create(5, requestID: "parts")
        let running = try await run(parts.tasks)
        for task in running.prefix(3) {
            try await succeed([task])
            try await settle(parts.batch.id)
        }
        try await fail(Array(running.suffix(2)))
        try await settle(parts.batch.id)
        try await grant(paid: 1_000_000, face: 1_000_000, reference: "pay-small")
        try await use(6, of: "begun")
    }

    fileprivate func close(_ use: MonthUse) async throws -> (month: CalendarMonth, invoice: Invoice?)? {
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            return try transaction.close(use, of: &wallet, seller: .unnamed, ids: ids)
        }
    }

    fileprivate func lastSequence() async throws -> Int {
        let wallet = try await database.read { try $0.wallet(organization) }
        return try #require(wallet).ledgerSequence
    }

    /// The same, posting by posting.
    fileprivate func usesByHand(after first: Int, through last: Int) async throws -> [(count: Int, captured: Int64)] {
        let rows = try await rows(
            """
            SELECT e.seq, e.amount_micros FROM credit_ledger e JOIN lot l ON e.account LIKE 'lot:' || l.id || ':%'
              JOIN ledger_transaction t ON t.organization_id = e.organization_id AND t.seq = e.seq
            WHERE l.origin = 'credit_line' AND t.kind IN ('settle', 'finalize') AND e.seq > $1 AND e.seq <= $2
            """, [.int(first), .int(last)])
        var captures: [Int: Int64] = [:]
        for row in rows { captures[try row.int(0), default: 0] -= try row.integer(1) }
        let price = Self.model.unitPrice.micros
        let captured = captures.values.filter { $0 > 0 }
        if captured.isEmpty { return [] }
        return [(captured.reduce(0) { $0 + Int(($1 + price - 1) / price) }, captured.reduce(0, +))]
    }
}
