import RushesCore
import RushesDatabase
import Synchronization

/// A SQLite database that answers as PostgreSQL would be asked, and notes in which order a transaction takes row locks.
final class LockOrderDatabase: Database {
    /// A lock on a row, in the order in which they must be taken: lane, provider account, organization, batch, task,
    /// wallet, and rows by their ids.
    struct Lock: Hashable, Comparable {
        let table: String
        let id: String

        private static let order = [
            "lane": 0, "provider_account": 1, "organization": 2, "batch": 3, "task": 4, "wallet": 5,
        ]

        init?(table: String, id: SQLValue?) {
            guard Self.order[table] != nil, case .text(let text)? = id else { return nil }
            self.table = table
            // Which of a batch's tasks is first is nobody's matter: its batch is locked, or only a lease moves.
            self.id = table == "task" ? "" : text
        }

        static func < (left: Lock, right: Lock) -> Bool {
            (order[left.table] ?? 9, left.id) < (order[right.table] ?? 9, right.id)
        }
    }

    private let real: any Database
    private let notes = Mutex<[[Lock]]>([])

    init(_ real: any Database) { self.real = real }

    /// The locks of every write so far, each where it was first taken.
    var transactions: [[Lock]] { notes.withLock { $0 } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result { try await real.read(body) }

    func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        try await real.write(in: group) { [self] transaction in
            let locks = LockNotes()
            let result = try body(LockOrderTransaction(real: transaction, notes: locks))
            notes.withLock { $0.append(locks.taken) }
            return result
        }
    }
}

private final class LockNotes {
    private(set) var taken: [LockOrderDatabase.Lock] = []

    func note(_ sql: String, _ values: [SQLValue]) {
        let words = sql.split { $0 == " " || $0 == "\n" }.map(String.init)
        if words.first == "UPDATE" {
            note(words[1], words[1] == "task" ? .text("") : values.last)
        } else if sql.hasSuffix(" FOR NO KEY UPDATE"), let from = words.firstIndex(of: "FROM") {
            // A list of ids is filled up with empty ones; a first value that is no text is a time.
            for id in sql.contains(" IN (") ? values : Array(values.prefix(1)) where id != "" {
                note(words[from + 1], id)
            }
        }
    }

    private func note(_ table: String, _ id: SQLValue?) {
        guard let lock = LockOrderDatabase.Lock(table: table, id: id), !taken.contains(lock) else { return }
        taken.append(lock)
    }
}

private struct LockOrderTransaction: SQLTransaction {
    let real: any SQLTransaction
    let notes: LockNotes

    var dialect: SQLDialect { SQLDialect(.postgres) }
    var now: Timestamp { real.now }

    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] {
        notes.note(sql, values)
        return try real.query(sql.replacing(" FOR NO KEY UPDATE", with: "").replacing(" SKIP LOCKED", with: ""), values)
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        notes.note(sql, values)
        return try real.execute(sql, values)
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int] {
        for row in rows { notes.note(sql, row) }
        return try real.executeMany(sql, rows)
    }

    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        try real.bulkInsert(table, columns, rows)
    }
}
