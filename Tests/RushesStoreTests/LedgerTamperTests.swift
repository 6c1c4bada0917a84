import RushesCore
import RushesDatabase
import RushesTesting
import Testing

@testable import RushesStore

/// An owner of the database file removes the seals and changes one random row of the ledger, a thousand times: each
/// time `rushes check` names the first number at which something is wrong.
@Suite("A changed row of the ledger is named")
struct LedgerTamperTests {
    /// Ends a write without keeping anything of it, with what was found.
    private struct Undone: Error {
        let expected: Int
        let found: [InvariantViolation]
        let change: String
    }

    @Test("edited, deleted, inserted or swapped, directly in the file", .timeLimit(.minutes(5)))
    func tampering() async throws {
        try await StoreWorld.with(.file) { world in
            let count = try await world.ledgerOfManyBatches()
            #expect(count > 40)
            #expect(try await world.ledgerViolations() == [])
            try await world.loseEveryGuard()
            var changes: [String: Int] = [:]
            for seed in 0..<1_000 {
                let undone = try await Self.tamper(world, seed: seed, count: count)
                let subject = "\(world.organization) transaction \(undone.expected)"
                try #require(undone.found.first?.subject == subject, "\(seed): \(undone.change): \(undone.found)")
                changes[undone.change, default: 0] += 1
            }
            #expect(changes.count == Change.allCases.count && changes.values.min() ?? 0 > 10, "\(changes)")
            #expect(try await world.ledgerViolations() == [])
        }
    }

    private static func tamper(_ world: StoreWorld, seed: Int, count: Int) async throws -> Undone {
        do {
            try await world.database.write { transaction in
                var tampering = Tampering(
                    transaction: transaction, organization: world.organization, count: count,
                    chance: SplitMix64(seed: UInt64(seed)))
                let change = Change.allCases[seed % Change.allCases.count]
                let expected = try tampering.apply(change)
                throw Undone(
                    expected: expected, found: try transaction.violations(ofLedgerOf: world.organization),
                    change: change.rawValue)
            }
        } catch let undone as Undone {
            return undone
        }
        return try #require(nil as Undone?, "nothing was thrown")
    }
}

/// What somebody does to a row.
private enum Change: String, CaseIterable {
    case editHeader, editLine, deleteTransaction, deleteHeader, deleteLine, insertTransaction, insertLine
    case insertAtEnd, swap, cutTail
}

/// One change of one random row.
private struct Tampering {
    let transaction: any SQLTransaction
    let organization: OrganizationID
    let count: Int
    var chance: SplitMix64

    private mutating func below(_ bound: Int) -> Int { Int(chance.next() % UInt64(bound)) }

    /// Makes the change; answers the first number at which something is wrong afterwards.
    mutating func apply(_ change: Change) throws -> Int {
        let seq = 1 + below(count)
        switch change {
        case .editHeader:
            let edits = [
                "kind = CASE kind WHEN 'settle' THEN 'finalize' ELSE 'settle' END", "reference = reference || 'x'",
                "batch_id = 'bat_x'", "created_at = created_at + 1", "available_after_micros = held_after_micros + 7",
                "held_after_micros = held_after_micros + 1", "entry_count = entry_count + 1",
                "previous_hash = 'x' || previous_hash", "hash = 'x' || hash", "id = id || 'x'",
            ]
            try run("UPDATE ledger_transaction SET \(edits[below(edits.count)]) WHERE seq = \(seq)")
        case .editLine:
            let edits = [
                "account = account || 'x'", "amount_micros = amount_micros + 1", "amount_micros = -amount_micros",
                "unit = CASE unit WHEN 'uCR' THEN 'uUSD' ELSE 'uCR' END", "line = line + 100",
            ]
            try run(
                "UPDATE credit_ledger SET \(edits[below(edits.count)]) WHERE seq = \(seq) AND line = \(try line(seq))")
        case .deleteTransaction:
            try run("DELETE FROM ledger_transaction WHERE seq = \(seq)", "DELETE FROM credit_ledger WHERE seq = \(seq)")
        case .deleteHeader: try run("DELETE FROM ledger_transaction WHERE seq = \(seq)")
        case .deleteLine: try run("DELETE FROM credit_ledger WHERE seq = \(seq) AND line = \(try line(seq))")
        case .insertTransaction:
            try shift(from: seq)
            // A copy with a name of its own: what stood here stands behind it now.
            let copied = 1 + below(count)
            try copy(copied >= seq ? copied + 1 : copied, to: seq)
        case .insertLine:
            try run(
                "INSERT INTO credit_ledger VALUES ('\(organization)', \(seq), 90, 'issuance', 'uCR', \(1 + below(9)))")
        case .insertAtEnd:
            try copy(seq, to: count + 1)
            return count + 1
        case .swap:
            let other = 1 + (seq + below(count - 1)) % count
            for table in ["ledger_transaction", "credit_ledger"] {
                try run(
                    "UPDATE \(table) SET seq = -\(seq) WHERE seq = \(seq)",
                    "UPDATE \(table) SET seq = \(seq) WHERE seq = \(other)",
                    "UPDATE \(table) SET seq = \(other) WHERE seq = -\(seq)")
            }
            return min(seq, other)
        case .cutTail:
            try run(
                "DELETE FROM ledger_transaction WHERE seq >= \(seq)", "DELETE FROM credit_ledger WHERE seq >= \(seq)")
        }
        return seq
    }

    private func run(_ statements: String...) throws {
        for sql in statements { #expect(try transaction.execute(sql, []) > 0, "\(sql)") }
    }

    private mutating func line(_ seq: Int) throws -> Int {
        let rows = try transaction.query("SELECT COUNT(*) FROM credit_ledger WHERE seq = \(seq)", [])
        return 1 + below(try rows[0].int(0))
    }

    private func shift(from seq: Int) throws {
        for table in ["ledger_transaction", "credit_ledger"] {
            try run(
                "UPDATE \(table) SET seq = -seq WHERE seq >= \(seq)", "UPDATE \(table) SET seq = 1 - seq WHERE seq < 0")
        }
    }

    private func copy(_ from: Int, to seq: Int) throws {
        try run(
            """
            INSERT INTO ledger_transaction SELECT organization_id, \(seq), id || 'c', kind, reference || 'c', batch_id,
            created_at, available_after_micros, held_after_micros, entry_count, previous_hash, hash
            FROM ledger_transaction WHERE seq = \(from)
            """,
            """
            INSERT INTO credit_ledger SELECT organization_id, \(seq), line, account, unit, amount_micros
            FROM credit_ledger WHERE seq = \(from)
            """)
    }
}

extension StoreWorld {
    /// A package, a gift and eight batches of which each is posted in several instalments; answers the last number.
    func ledgerOfManyBatches() async throws -> Int {
        try await grant()
        try await grantGift(face: 50_000_000)
        for number in 0..<8 {
            let plan = try await create(12, requestID: "r-\(number)")
            for step in 1...4 {
                try await end(plan, succeeded: 2 * step, failed: step)
                try await settle(plan.batch.id)
            }
        }
        try await grant(reference: "pay-2")
        return try await rows("SELECT ledger_seq FROM wallet")[0].int(0)
    }

    /// What `rushes check` finds in the ledger.
    func ledgerViolations() async throws -> [InvariantViolation] {
        try await database.read { try $0.violations(ofLedgerOf: organization) }
    }
}
