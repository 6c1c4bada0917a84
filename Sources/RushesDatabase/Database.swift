package import RushesCore

/// The one port to a database: whole transactions as synchronous closures.
///
/// A transaction body cannot `await`, so no HTTP call and no file can be touched while rows are locked, and a driver
/// is free to run a body again. Two drivers implement it: SQLite (GRDB) and PostgreSQL (libpq).
package protocol Database: Sendable {
    /// Runs `body` in a read-only transaction on one consistent snapshot.
    ///
    /// - Throws: what `body` throws, or `DatabaseError`.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> Result) async throws -> Result

    /// Runs one query by itself: what needs no snapshot over several queries, and therefore no transaction around it.
    ///
    /// - Throws: what the query's reading throws, or `DatabaseError`.
    func read<Result: Sendable>(_ query: SingleQuery<Result>) async throws -> Result

    /// Runs `body` in a read-write transaction and returns after its commit is durable.
    ///
    /// The body is run again, at most three times, when the database reports a conflict or the connection broke before
    /// the commit; it must have no side effects. Writes that wait may share a transaction, each in its savepoint.
    /// - Parameter group: which others it may share with where many can write at once.
    /// - Throws: what `body` throws (after rollback), or `DatabaseError`.
    @discardableResult
    func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result
}

extension Database {
    /// Runs one query in a transaction of its own: what a database in this process does anyway.
    ///
    /// - Throws: what the query's reading throws, or `DatabaseError`.
    package func read<Result: Sendable>(_ query: SingleQuery<Result>) async throws -> Result {
        try await read { reader in try reader.read(query) }
    }

    /// Runs `body` in a read-write transaction that others share only where there is one writer.
    ///
    /// - Throws: what `body` throws (after rollback), or `DatabaseError`.
    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        try await write(in: nil, body)
    }

    /// Runs a body that begins by reading under a lock whether its work is done already, and then does nothing more; or
    /// one that writes by compare-and-swap only, which then loses against itself.
    ///
    /// A commit of which nobody knows whether it went through is resolved by exactly that: the lock waits for the end
    /// of the transaction in doubt, and the key tells what became of it. Anything else must not be repeated.
    /// - Throws: what `body` throws (after rollback), or `DatabaseError`.
    @discardableResult
    package func writeByKey<Result: Sendable>(
        in group: WriteGroup? = nil, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await write(in: group, body)
        } catch let error as DatabaseError where error.kind == .commitOutcomeUnknown {
            return try await write(in: group, body)
        }
    }
}

/// Statements that only read.
package protocol SQLReading {
    /// The rows of a query whose parameters `$1 ... $n` stand in order of first appearance.
    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow]

    /// The rows of each of some queries, in their order; a driver may spare round trips by it.
    func queries(_ questions: [SQLQuestion]) throws(DatabaseError) -> [[SQLRow]]

    /// What differs between the databases.
    var dialect: SQLDialect { get }

    /// The transaction's time: the database clock at its beginning, or the injected one in tests and simulation.
    var now: Timestamp { get }
}

extension SQLReading {
    /// Runs the queries one after the other: what a database in this process does.
    ///
    /// - Throws: `DatabaseError`.
    package func queries(_ questions: [SQLQuestion]) throws(DatabaseError) -> [[SQLRow]] {
        var answers: [[SQLRow]] = []
        for question in questions { answers.append(try query(question.sql, question.values)) }
        return answers
    }
}

/// Statements of a read-write transaction.
package protocol SQLTransaction: SQLReading {
    /// Runs one statement; returns the number of rows that it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int

    /// Runs one statement for each list of values; returns the rows changed by each.
    @discardableResult
    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int]

    /// Runs one statement of which nobody needs to know how many rows it changed, at the latest before the next one
    /// whose answer is needed and before the body's end counts. A driver may spare a round trip by it; then its error
    /// is thrown there.
    func enqueue(_ sql: String, _ values: [SQLValue]) throws(DatabaseError)

    /// Runs one statement for each list of values, like `enqueue`.
    func enqueueMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError)

    /// Updates many rows, each with values of its own: a loop over one prepared statement on SQLite, one statement over
    /// arrays on PostgreSQL. The values of a row are those of the changes, then those of the conditions. Answers for
    /// each row whether it was changed.
    func updateMany(_ update: RowUpdate, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Bool]

    /// Inserts many rows by statements of several rows; on PostgreSQL by COPY when they are very many, else like
    /// `enqueue`.
    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError)
}

extension SQLTransaction {
    /// Runs the statement at once: what a database in this process does.
    ///
    /// - Throws: `DatabaseError`.
    package func enqueue(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) { try execute(sql, values) }

    /// Runs the statements at once.
    ///
    /// - Throws: `DatabaseError`.
    package func enqueueMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) { try executeMany(sql, rows) }
}

/// The few words in which the two databases differ.
package struct SQLDialect: Sendable, Hashable {
    /// Which database speaks.
    package enum Name: String, Sendable {
        case sqlite
        case postgres
    }

    /// Which database speaks.
    package let name: Name

    /// A dialect by name.
    package init(_ name: Name) {
        self.name = name
    }

    /// Appended to a SELECT to lock its rows; empty on SQLite, where a write transaction is exclusive already.
    ///
    /// Not `FOR UPDATE`: that waits for every transaction that has added a row with a foreign key to this one, so
    /// that a new batch and a claim on its lane would wait for each other in a circle.
    package var forUpdate: String {
        switch name {
        case .sqlite: ""
        case .postgres: " FOR NO KEY UPDATE"
        }
    }

    /// The type of a text column: compared byte by byte, so that paging by text is the same everywhere.
    package var text: String {
        switch name {
        case .sqlite: "TEXT"
        case .postgres: "TEXT COLLATE \"C\""
        }
    }
}
