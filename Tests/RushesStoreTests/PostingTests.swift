import RushesCore
import RushesDatabase
import RushesTesting
import Testing

@testable import RushesStore

@Suite("Postings over several lots")
struct PostingTests {
    /// The worked example of the billing model: a gift of 50.00 and the package of 2,000 dollars, a batch of a hundred.
    @Test("87 successes of 100, from a gift and a package", arguments: TestDatabase.allCases)
    func workedExample(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            try await world.grantGift(face: 50_000_000)
            let plan = try await world.create(100)
            #expect(plan.hold.parts.map(\.amount.micros) == [50_000_000, 549_000_000])
            #expect(try await world.sums() == [1_727_200_000, 599_000_000])
            try await world.end(plan, succeeded: 20, failed: 3)
            try await world.settle(plan.batch.id)
            // 20 x 5.99 = 119.80 are charged, the gift first; 3 x 5.99 = 17.97 go back to the package.
            #expect(try await world.sums() == [1_745_170_000, 461_230_000])
            try await world.end(plan, succeeded: 87, failed: 13)
            let last = try await world.settle(plan.batch.id)
            #expect(last.kind == "finalize" && last.heldAfter == .zero)
            // 2,326.20 granted - 521.13 charged.
            #expect(try await world.sums() == [1_805_070_000, 0])
            let lots = try await world.rows(
                "SELECT origin, available_micros, held_micros, captured_micros FROM lot ORDER BY priority")
            #expect(
                lots == [
                    SQLRow(["promo", 0, 0, 50_000_000]),
                    SQLRow(["package", 1_805_070_000, 0, 471_130_000]),
                ])
            #expect(try await world.balance("consumed:veo-pro") == 521_130_000)
            #expect(try await world.balance("revenue:veo-pro") == -413_961_866)
            let package = try #require(plan.hold.parts.last).lot
            #expect(try await world.balance("deferred:\(package)") == -1_586_038_134)
            #expect(try await world.balance("lot:\(package):available") == 1_805_070_000)
            #expect(try await world.balance("lot:\(package):held") == 0)
        }
    }

    @Test("how the ends are grouped into postings changes no lot", arguments: [1, 4, 33, 100])
    func grouping(_ size: Int) async throws {
        try await StoreWorld.with(.memory) { world in
            try await world.grant(paid: 100_000_000, face: 113_810_000, reference: "pay-0")
            try await world.grant()
            let plan = try await world.create(100)
            var ended = (succeeded: 0, failed: 0)
            for end in 1...100 {
                // Every fourth one fails.
                if end.isMultiple(of: 4) { ended.failed += 1 } else { ended.succeeded += 1 }
                guard end.isMultiple(of: size) || end == 100 else { continue }
                try await world.end(plan, succeeded: ended.succeeded, failed: ended.failed)
                try await world.settle(plan.batch.id)
            }
            let lots = try await world.rows(
                "SELECT available_micros, held_micros, captured_micros FROM lot ORDER BY sequence")
            // 75 x 5.99 = 449.25: the first lot whole, the rest from the second.
            #expect(
                lots == [SQLRow([0, 0, 113_810_000]), SQLRow([1_940_760_000, 0, 335_440_000])])
            // floor(335.44 x 2000 / 2276.20) and the whole first lot.
            #expect(try await world.balance("revenue:veo-pro") == -(100_000_000 + 294_736_842))
        }
    }

    @Test("the chain of hashes is recomputed from the rows alone", arguments: TestDatabase.allCases)
    func chain(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            _ = try await world.history()
            let rows = try await world.database.read { reader in
                try reader.ledgerRows(
                    of: world.organization, batch: nil, unit: nil, after: 0, line: 0, limit: 1_000)
            }
            var previous = LedgerChain.genesis
            let sequences = Set(rows.map(\.transaction.sequence)).sorted()
            #expect(sequences == Array(1...4))
            for sequence in sequences {
                let lines = rows.filter { $0.transaction.sequence == sequence }
                let posted = lines[0].transaction
                let position = LedgerPosition(
                    organization: world.organization, transaction: posted.id, sequence: sequence,
                    createdAt: posted.createdAt, availableAfter: posted.availableAfter, heldAfter: posted.heldAfter,
                    previousHash: previous)
                let bytes = LedgerChain.canonicalBytes(
                    position, kind: posted.kind, reference: posted.reference, batch: posted.batch,
                    lines: lines.map { ($0.account, $0.unit, $0.amountMicros) })
                #expect(posted.previousHash == previous && posted.hash == sha256Hex(bytes))
                previous = posted.hash
            }
            let wallet = try #require(try await world.database.read { try $0.wallet(world.organization) })
            #expect(wallet.chainHead == previous && wallet.ledgerSequence == 4)
        }
    }

    @Test("counts that go back settle nothing", arguments: TestDatabase.allCases)
    func illegal(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let running = try await world.run([plan.tasks[0]])
            try await world.succeed(running)
            try await world.settle(plan.batch.id)
            await #expect(throws: IllegalSettlement.self) {
                try await world.database.write { transaction in
                    var wallet = try #require(try transaction.lockWallet(world.organization))
                    let hold = try #require(try transaction.hold(of: plan.batch.id))
                    _ = try transaction.post(
                        settlementOf: plan.batch, hold: hold,
                        lots: try transaction.read(.lots(heldBy: plan.batch.id)), wallet: &wallet, ids: world.ids)
                }
            }
            #expect(try await world.rows("SELECT COUNT(*) FROM ledger_transaction") == [SQLRow([3])])
        }
    }
}

extension StoreWorld {
    /// A promotional lot, which nothing was paid for.
    func grantGift(face: Int64) async throws {
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            wallet.lotSequence += 1
            wallet.available += Credits(micros: face)
            let lot = Lot(
                granting: Credits(micros: face), paid: .zero, origin: .promo, id: ids.next(LotIdentity.self),
                sequence: wallet.lotSequence)
            try transaction.insert(lot, of: organization)
            _ = try transaction.post(
                LedgerTransaction.purchase(of: lot, paymentReference: "gift"), to: &wallet, ids: ids)
        }
    }

    /// Brings a batch's tasks to these counts of ended ones, in the order of the sheet.
    func end(_ plan: BatchPlan, succeeded: Int, failed: Int) async throws {
        let counts = try await batch(plan.batch.id).counts
        let done = counts.succeeded + counts.failed
        let next = plan.tasks[done..<(succeeded + failed)]
        let winners = next.prefix(succeeded - counts.succeeded)
        for tasks in stride(from: winners.startIndex, to: winners.endIndex, by: 50) {
            try await succeed(try await run(Array(winners[tasks..<min(tasks + 50, winners.endIndex)])))
            clock.advance(seconds: 60)
        }
        try await fail(Array(next.dropFirst(winners.count)))
    }

    /// Free and frozen credits, after a look at the lots: the wallet's sums are theirs.
    func sums() async throws -> [Int64] {
        let wallet = try await rows("SELECT available_micros, held_micros FROM wallet")
        let lots = try await rows(
            "SELECT CAST(SUM(available_micros) AS BIGINT), CAST(SUM(held_micros) AS BIGINT) FROM lot")
        #expect(wallet == lots)
        return [try wallet[0].integer(0), try wallet[0].integer(1)]
    }

    /// The sum of an account's lines.
    func balance(_ account: String) async throws -> Int64 {
        try await rows(
            "SELECT CAST(COALESCE(SUM(amount_micros), 0) AS BIGINT) FROM credit_ledger WHERE account = $1",
            [.text(account)]
        )[0].integer(0)
    }
}
