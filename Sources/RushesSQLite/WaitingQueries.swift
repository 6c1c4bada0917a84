import GRDB
import Synchronization

/// Queries that wait for a connection: one turn of a reader runs them all, since to wake it costs more than to ask.
final class WaitingQueries: Sendable {
    /// Runs a query on a connection, or fails it when there is none.
    typealias Query = @Sendable (Result<GRDB.Database, any Error>) -> Void

    private struct State {
        var waiting: [Query] = []
        var hasReader = false
    }

    private let state = Mutex(State())

    /// Adds a query; true when nobody is about to take it, so that the caller must send a reader.
    func append(_ query: @escaping Query) -> Bool {
        state.withLock { state in
            state.waiting.append(query)
            defer { state.hasReader = true }
            return !state.hasReader
        }
    }

    /// Runs what waits, and what comes meanwhile, each in a snapshot of its own: a query sees every commit before it.
    func run(on connection: Result<GRDB.Database, any Error>) {
        while true {
            let queries = state.withLock { state in
                if state.waiting.isEmpty { state.hasReader = false }
                defer { state.waiting = [] }
                return state.waiting
            }
            if queries.isEmpty { return }
            for query in queries { query(connection) }
        }
    }
}
