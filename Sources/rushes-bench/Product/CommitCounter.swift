import RushesDatabase
import Synchronization

/// A database that counts how many transactions were committed through it.
final class CommitCounter: Database {
    private let database: any Database
    private let committed = Atomic(0)

    init(_ database: any Database) {
        self.database = database
    }

    /// Commits of write transactions so far.
    var count: Int { committed.load(ordering: .relaxed) }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result {
        try await database.read(body)
    }

    @discardableResult
    func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        let result = try await database.write(in: group, body)
        committed.add(1, ordering: .relaxed)
        return result
    }
}
