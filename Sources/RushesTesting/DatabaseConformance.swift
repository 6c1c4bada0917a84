package import RushesDatabase
import Testing

/// What every driver of the `Database` port does; run each case on an empty database of its own.
package enum DatabaseConformance {
    /// All rules.
    package static var cases: [ConformanceCase<any Database>] {
        transactionCases + enqueuedCases + queryCases + statementCases + valueCases + violationCases
    }

    /// A table to work with: `item(id, name, amount)`, where `name` is unique and `amount` is not negative.
    static func withItems(
        _ rule: String, _ check: @escaping @Sendable (any Database) async throws -> Void
    ) -> ConformanceCase<any Database> {
        ConformanceCase(rule) { database in
            try await database.write { transaction in
                try transaction.execute(
                    "CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT UNIQUE, amount BIGINT CHECK (amount >= 0))", []
                )
            }
            try await check(database)
        }
    }

    static func items(_ database: any Database) async throws -> [SQLRow] {
        try await database.read { try $0.query("SELECT id, name, amount FROM item ORDER BY id", []) }
    }

    static func expectNoItems(
        _ database: any Database, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(try await items(database).isEmpty, sourceLocation: sourceLocation)
    }

    static func expectFailure(
        _ kind: DatabaseError.Kind, _ work: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            try await work()
            Issue.record("expected a failure of kind \(kind)", sourceLocation: sourceLocation)
        } catch let error as DatabaseError {
            #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}
