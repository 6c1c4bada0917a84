import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

@Suite("The seal of the ledger, below the program")
struct LedgerSealTests {
    /// A transaction that is written by hand.
    struct Forgery: Sendable, CustomTestStringConvertible {
        let name: String
        let refusal: String
        var sequence = 2
        var lines: [(account: String, unit: String, amount: Int64)] = [("a", "uCR", -5), ("b", "uCR", 5)]
        var count = 2
        var previous: String?
        var reference = "forged"

        var testDescription: String { name }
    }

    private static let forgeries: [Forgery] = [
        Forgery(name: "unbalanced", refusal: "not balanced", lines: [("a", "uCR", -5), ("b", "uCR", 4)]),
        Forgery(
            name: "balanced only over two units", refusal: "not balanced", lines: [("a", "uCR", -5), ("b", "uUSD", 5)]),
        Forgery(name: "a line more than its header says", refusal: "not balanced", count: 3),
        Forgery(name: "no lines", refusal: "not balanced", lines: []),
        Forgery(
            name: "one line", refusal: "not balanced", lines: [("a", "uCR", 5)], count: 1),
        Forgery(name: "a line of nothing", refusal: "check constraint", lines: [("a", "uCR", 0), ("b", "uCR", 0)]),
        Forgery(name: "an unknown unit", refusal: "check constraint", lines: [("a", "EUR", -5), ("b", "EUR", 5)]),
        Forgery(name: "a gap in the numbers", refusal: "does not follow", sequence: 3),
        Forgery(name: "a number twice", refusal: "sealed", sequence: 1),
        Forgery(name: "another hash before", refusal: "does not follow", previous: LedgerChain.genesis),
        Forgery(name: "a reference twice", refusal: "unique constraint", reference: "purchase:pay-1"),
    ]

    @Test("a forged transaction is refused", arguments: TestDatabase.allCases, forgeries)
    func refused(_ kind: TestDatabase, _ forgery: Forgery) async throws {
        try await StoreWorld.with(kind) { world in
            let first = try await world.grant()
            try await world.expectRefusal(forgery.refusal) { transaction in
                try transaction.insert(forgery, of: world.organization, after: first.hash)
            }
            #expect(try await world.rows("SELECT COUNT(*) FROM credit_ledger") == [SQLRow([4])])
        }
    }

    @Test("the same written rightly is taken", arguments: TestDatabase.allCases)
    func taken(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            let first = try await world.grant()
            try await world.database.write { transaction in
                try transaction.insert(
                    Forgery(name: "right", refusal: ""), of: world.organization, after: first.hash)
            }
        }
    }

    @Test("a first transaction follows nothing", arguments: TestDatabase.allCases)
    func first(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.expectRefusal("does not follow") { transaction in
                try transaction.insert(
                    Forgery(name: "first", refusal: "", sequence: 1), of: world.organization,
                    after: String(repeating: "1", count: 64))
            }
        }
    }

    @Test("a line after the seal and lines without a seal are refused", arguments: TestDatabase.allCases)
    func lateAndUnsealed(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let line = """
                INSERT INTO credit_ledger (organization_id, seq, line, account, unit, amount_micros)
                VALUES ($1, $2, 9, 'a', 'uCR', 5)
                """
            let organization = SQLValue.text(world.organization.rawValue)
            try await world.expectRefusal("sealed") { try $0.execute(line, [organization, 1]) }
            try await world.expectRefusal("foreign key constraint") { try $0.execute(line, [organization, 2]) }
        }
    }
}

extension SQLTransaction {
    fileprivate func insert(
        _ forgery: LedgerSealTests.Forgery, of organization: OrganizationID, after hash: String
    ) throws {
        for (index, line) in forgery.lines.enumerated() {
            try execute(
                "INSERT INTO credit_ledger VALUES ($1, $2, $3, $4, $5, $6)",
                [
                    .text(organization.rawValue), .int(forgery.sequence), .int(index + 1), .text(line.account),
                    .text(line.unit), .integer(line.amount),
                ])
        }
        try execute(
            """
            INSERT INTO ledger_transaction (organization_id, seq, id, kind, reference, created_at,
              available_after_micros, held_after_micros, entry_count, previous_hash, hash)
            VALUES ($1, $2, 'x', 'freeze', $3, 0, 0, 0, $4, $5, 'h')
            """,
            [
                .text(organization.rawValue), .int(forgery.sequence), .text(forgery.reference), .int(forgery.count),
                .text(forgery.previous ?? hash),
            ])
    }
}
