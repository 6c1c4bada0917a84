import RushesCore
package import RushesDatabase
import Synchronization

/// A database that notes every statement as it is really executed, with the values of its first use.
package final class RecordingDatabase: Database {
    private let real: any Database
    private let notes = Mutex<[String: [SQLValue]]>([:])

    /// Records what is executed on a database through this one.
    package init(_ real: any Database) {
        self.real = real
    }

    /// The statements since the last `forget`, in the order of their text.
    package var statements: [(sql: String, values: [SQLValue])] {
        notes.withLock { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }

    /// Forgets the statements of the set-up.
    package func forget() { notes.withLock { $0 = [:] } }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result {
        try await real.read { [self] reader in try body(RecordingReader(real: reader, note: note)) }
    }

    @discardableResult
    package func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        try await real.write(in: group) { [self] transaction in
            try body(RecordingTransaction(real: transaction, note: note))
        }
    }

    private func note(_ sql: String, _ values: [SQLValue]) {
        notes.withLock { notes in
            if notes[sql] == nil { notes[sql] = values }
        }
    }
}

private struct RecordingReader: SQLReading {
    let real: any SQLReading
    let note: (String, [SQLValue]) -> Void

    var dialect: SQLDialect { real.dialect }
    var now: Timestamp { real.now }

    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] {
        note(sql, values)
        return try real.query(sql, values)
    }
}

private struct RecordingTransaction: SQLTransaction {
    let real: any SQLTransaction
    let note: (String, [SQLValue]) -> Void

    var dialect: SQLDialect { real.dialect }
    var now: Timestamp { real.now }

    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] {
        note(sql, values)
        return try real.query(sql, values)
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        note(sql, values)
        return try real.execute(sql, values)
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int] {
        if let first = rows.first { note(sql, first) }
        return try real.executeMany(sql, rows)
    }

    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        try real.bulkInsert(table, columns, rows)
    }
}
