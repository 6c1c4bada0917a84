import Foundation
import RushesDatabase

/// A thread that owns one connection: it takes work from its pool's queue, and connects again when the connection
/// broke.
///
/// Blocking calls of libpq never sit on the cooperative pool, and a transaction never changes its thread.
final class ConnectionThread<Work: QueuedWork>: Sendable {
    private let pool: ConnectionPool<Work>
    private let number: Int
    /// What is done with work on a connection; answers what has to be done again, and whether the connection is good.
    private let perform: @Sendable ([Work], PostgresConnection) -> (again: [Work], isSpoilt: Bool)

    init(
        _ number: Int, of pool: ConnectionPool<Work>,
        perform: @escaping @Sendable ([Work], PostgresConnection) -> (again: [Work], isSpoilt: Bool)
    ) {
        self.number = number
        self.pool = pool
        self.perform = perform
    }

    /// Starts the thread; `ended` is called when it has closed its connection for good.
    func start(named name: String, ended: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            run()
            ended()
        }
        thread.name = name
        thread.stackSize = 2 << 20
        thread.start()
    }

    private func run() {
        var failures = 0
        var hasConnected = false
        while true {
            do throws(DatabaseError) {
                let connection = try pool.connect(again: hasConnected)
                (failures, hasConnected) = (0, true)
                let isClosed = work(on: connection)
                pool.disconnected()
                if isClosed { return }
            } catch {
                failures += 1
                if waitAfter(failures, error) { return }
            }
        }
    }

    /// Works until the connection breaks or the queue is closed; answers whether it was closed.
    private func work(on connection: PostgresConnection) -> Bool {
        var done: Work?
        while let work = pool.queue.next(after: done) {
            let (again, isSpoilt) = pool.working { perform(work, connection) }
            pool.queue.putBack(again)
            // The callers have their answers: nobody waits for this.
            if !isSpoilt { connection.renewPlans() }
            if isSpoilt || connection.isBroken {
                pool.queue.finished(work[0])
                return false
            }
            done = work[0]
        }
        return true
    }

    /// Waits longer after each failure, each thread a little differently; answers whether the queue was closed.
    private func waitAfter(_ failures: Int, _ error: DatabaseError) -> Bool {
        let wait = min(50 << Int64(min(failures, 6)), 2_000) + Int64(number % 8) * 17
        pool.report(.disconnected(reason: error.message, nextAttemptMilliseconds: Int(wait)))
        pool.queue.fail(waitingMilliseconds: pool.waitMillisecondsMax, DatabaseError(.unavailable, error.message))
        guard pool.queue.pause(milliseconds: wait) else { return false }
        pool.queue.fail(waitingMilliseconds: 0, DatabaseError(.unavailable, "the database is closed"))
        return true
    }
}
