import Glibc
import RushesDatabase

/// Work that waits for a connection.
protocol QueuedWork: Sendable {
    /// Which other work it may share a transaction with.
    var group: WriteGroup? { get }
    /// True when it must not share one.
    var isAlone: Bool { get }
    /// True when it may share a round trip with whatever else says so; such work has no group.
    var isBrief: Bool { get }
    /// Tells the caller that nothing was done.
    var fail: @Sendable (any Error) -> Void { get }
}

/// The work that waits for the connections of a pool: first come, first served, and one connection at a time for each
/// group, whose members it takes all at once. Threads that block in libpq wait here, so it is a condition and no actor.
///
/// Of the threads that have nothing to do, the one that worked last is called first: its connection's caches are warm,
/// at both ends. A thread that takes work calls another one when there is more that can be done.
// Unchecked: every variable is touched only while `mutex` is held, and the two pthread objects never move.
final class WorkQueue<Work: QueuedWork>: @unchecked Sendable {
    private struct Entry {
        var work: [Work]
        let group: WriteGroup?
        let since: Int64
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Signalled when the queue is closed: threads wait for it that have no connection.
    private let closing = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var entries: [Entry] = []
    /// Threads with nothing to do, the one that worked last at the end.
    private var idleThreads: [IdleThread] = []
    /// Threads that are about to look for work: called ones, and those that let others ask.
    private var threadsComing = 0
    private var busyGroups: Set<WriteGroup> = []
    /// Connections that do brief work.
    private var briefTurns = 0
    private var isClosed = false
    private let groupMax: Int
    /// Connections that do brief work at a time, at most: one that comes back takes all that came meanwhile, which
    /// costs less than to wake another. The second one is there so that one slow query holds nobody up.
    private static var briefTurnsMax: Int { 2 }

    init(groupMax: Int) {
        self.groupMax = groupMax
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(closing, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(closing)
        pthread_mutex_destroy(mutex)
        closing.deallocate()
        mutex.deallocate()
    }

    /// Pieces of work that wait.
    var waiting: Int { locked { entries.reduce(0) { $0 + $1.work.count } } }

    /// Adds work; it fails at once when the queue is closed.
    func append(_ work: Work) {
        let isTaken = locked {
            if isClosed { return false }
            // Whoever is about to come takes all the brief work that waits by then.
            if canBeDone(insert(work)), !work.isBrief || threadsComing == 0 { callThread() }
            return true
        }
        if !isTaken { work.fail(DatabaseError(.unavailable, "the database is closed")) }
    }

    /// Puts work back that has to be done again, before all other.
    func putBack(_ works: [Work]) {
        if works.isEmpty { return }
        let isTaken = locked {
            if isClosed { return false }
            let now = DatabaseClock.monotonic
            entries.insert(contentsOf: works.map { Entry(work: [$0], group: $0.group, since: now) }, at: 0)
            callThread()
            return true
        }
        if !isTaken { works.forEach { $0.fail(DatabaseError(.unavailable, "the database is closed")) } }
    }

    /// The next work that can be done, waiting for it; nil when the queue is closed and empty.
    ///
    /// - Parameter done: the work that the thread comes back from. What waits behind it is taken at once, before
    ///   another thread could be called for it.
    func next(after done: Work?) -> [Work]? {
        locked {
            if let done { end(done) }
            while true {
                if let index = entries.firstIndex(where: canBeDone) {
                    if !entries[index].work[0].isBrief { return take(index) }
                    letOthersAsk()
                    // Another connection may have come first.
                    if let index = entries.firstIndex(where: canBeDone) { return take(index) }
                    continue
                }
                if isClosed && entries.isEmpty {
                    callThread()
                    return nil
                }
                waitUntilCalled()
            }
        }
    }

    /// On a busy machine whoever is about to ask something brief runs first, so that a round trip answers more of them;
    /// on an idle one this costs nothing.
    private func letOthersAsk() {
        threadsComing += 1
        pthread_mutex_unlock(mutex)
        sched_yield()
        pthread_mutex_lock(mutex)
        threadsComing -= 1
    }

    private func canBeDone(_ entry: Entry) -> Bool {
        if entry.work[0].isBrief { return briefTurns < Self.briefTurnsMax }
        return entry.group.map { !busyGroups.contains($0) } ?? true
    }

    /// Takes an entry, with the brief work behind it when it is brief; calls another thread for what is left.
    private func take(_ index: Int) -> [Work] {
        let entry = entries.remove(at: index)
        if let group = entry.group { busyGroups.insert(group) }
        let isBrief = entry.work[0].isBrief
        if isBrief { briefTurns += 1 }
        let work = isBrief ? entry.work + takeBrief(from: index) : entry.work
        if entries.contains(where: canBeDone) { callThread() }
        return work
    }

    /// Takes the brief work that waits behind some other, as much as a connection does together.
    private func takeBrief(from index: Int) -> [Work] {
        let chosen = entries.indices[index...].filter { entries[$0].work[0].isBrief }.prefix(groupMax - 1)
        if chosen.isEmpty { return [] }
        let works = chosen.flatMap { entries[$0].work }
        let taken = Set(chosen)
        entries = entries.indices.filter { !taken.contains($0) }.map { entries[$0] }
        return works
    }

    /// Work is done by a thread that does not come back: others may work for its group.
    func finished(_ work: Work) {
        locked {
            end(work)
            callThread()
        }
    }

    private func end(_ work: Work) {
        if work.isBrief { briefTurns -= 1 }
        if let group = work.group { busyGroups.remove(group) }
    }

    /// Takes no more work; what waits is still done.
    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(closing)
            while !idleThreads.isEmpty { callThread() }
        }
    }

    /// Waits so long, or until the queue is closed; answers whether it is.
    func pause(milliseconds: Int64) -> Bool {
        let end = DatabaseClock.monotonic + milliseconds
        var time = timespec(tv_sec: Int(end / 1_000), tv_nsec: Int(end % 1_000) * 1_000_000)
        return locked {
            while !isClosed, pthread_cond_timedwait(closing, mutex, &time) != ETIMEDOUT {}
            return isClosed
        }
    }

    /// Fails the work that has waited longer than this; all of it when the queue is closed.
    func fail(waitingMilliseconds: Int64, _ error: DatabaseError) {
        let expired = locked {
            let limit = DatabaseClock.monotonic - waitingMilliseconds
            let expired = entries.filter { isClosed || $0.since <= limit }
            entries.removeAll { isClosed || $0.since <= limit }
            return expired.flatMap(\.work)
        }
        for work in expired { work.fail(error) }
    }

    /// Joins the work of its group that waits already, or goes to the end; answers where it is now.
    private func insert(_ work: Work) -> Entry {
        if let group = work.group, !work.isAlone,
            let index = entries.firstIndex(where: { entry in
                entry.group == group && entry.work.count < groupMax && entry.work[0].isAlone == false
            })
        {
            entries[index].work.append(work)
            return entries[index]
        }
        let entry = Entry(work: [work], group: work.group, since: DatabaseClock.monotonic)
        entries.append(entry)
        return entry
    }

    /// Calls the thread that became idle last, if there is one.
    private func callThread() {
        guard let thread = idleThreads.popLast() else { return }
        threadsComing += 1
        thread.call()
    }

    private func waitUntilCalled() {
        let thread = IdleThread()
        idleThreads.append(thread)
        thread.waitUntilCalled(mutex)
        threadsComing -= 1
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

/// A thread that waits until it is called.
private final class IdleThread {
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isCalled = false

    init() { pthread_cond_init(condition, nil) }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
    }

    func call() {
        isCalled = true
        pthread_cond_signal(condition)
    }

    func waitUntilCalled(_ mutex: UnsafeMutablePointer<pthread_mutex_t>) {
        while !isCalled { pthread_cond_wait(condition, mutex) }
    }
}
