import RushesDatabase
import Synchronization

/// The connections of one kind, with the queue that they work off.
final class ConnectionPool<Work: QueuedWork>: Sendable {
    let queue: WorkQueue<Work>
    let report: @Sendable (PostgresEvent) -> Void
    /// How long work waits while the server cannot be reached.
    let waitMillisecondsMax: Int64
    private let settings: PostgresSettings
    private let isWriting: Bool
    private let connected = Atomic(0)
    private let busy = Atomic(0)

    init(
        _ settings: PostgresSettings, isWriting: Bool, groupMax: Int,
        report: @escaping @Sendable (PostgresEvent) -> Void
    ) {
        self.settings = settings
        self.isWriting = isWriting
        self.report = report
        waitMillisecondsMax = Int64(settings.waitMilliseconds)
        queue = WorkQueue(groupMax: groupMax)
    }

    /// A new connection.
    func connect(again: Bool) throws(DatabaseError) -> PostgresConnection {
        let connection = try PostgresConnection(settings, writes: isWriting)
        connected.add(1, ordering: .relaxed)
        report(.connected(again: again))
        return connection
    }

    /// A connection is gone.
    func disconnected() { connected.subtract(1, ordering: .relaxed) }

    /// Counts a connection as busy while `body` runs.
    func working<Result>(_ body: () -> Result) -> Result {
        busy.add(1, ordering: .relaxed)
        defer { busy.subtract(1, ordering: .relaxed) }
        return body()
    }

    var statistics: PostgresStatistics.Pool {
        let connected = connected.load(ordering: .relaxed)
        let busy = min(busy.load(ordering: .relaxed), connected)
        return PostgresStatistics.Pool(idle: connected - busy, busy: busy, waiting: queue.waiting)
    }
}

/// How the pools stand.
package struct PostgresStatistics: Sendable, Equatable {
    /// How one pool stands.
    package struct Pool: Sendable, Equatable {
        /// Connections with nothing to do.
        package let idle: Int
        /// Connections at work.
        package let busy: Int
        /// Transactions that wait for a connection.
        package let waiting: Int
    }

    /// Connections for writing.
    package let writers: Pool
    /// Connections for reading.
    package let readers: Pool
    /// Commits so far; several writes may share one.
    package let commits: Int
}
