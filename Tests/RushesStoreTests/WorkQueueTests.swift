import Foundation
import RushesCore
import RushesDatabase
import Synchronization
import Testing

@testable import RushesPostgres

@Suite("The queue of a pool of connections", .timeLimit(.minutes(1)))
struct WorkQueueTests {
    private static let wallet = WriteGroup.wallet(of: OrganizationID(trusted: "org_1"))

    @Test("each piece is done once, a group by one thread at a time, brief work by two, and close waits for all of it")
    func stress() async {
        let queue = WorkQueue<Piece>(groupMax: 8)
        let record = Record()
        let pieces = 4 * 1_000
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask { await onThread { Self.work(queue, record, breaksOff: number == 0) } }
            }
            await withTaskGroup(of: Void.self) { callers in
                for caller in 0..<4 {
                    callers.addTask {
                        await onThread {
                            for number in 0..<(pieces / 4) {
                                queue.append(Piece(caller * pieces + number, record))
                                if number % 64 == 0 { usleep(200) }
                            }
                        }
                    }
                }
            }
            queue.close()
        }
        record.state.withLock { record in
            #expect(record.done.count == pieces && record.done.values.allSatisfy { $0 == 1 })
            #expect(record.failed == 0)
            #expect(record.mostInGroup == 1)
            #expect((1...2).contains(record.mostBrief))
        }
        #expect(queue.waiting == 0)
    }

    @Test("whoever comes back from a group takes what came for it meanwhile, also when the queue was closed")
    func closedBehindAGroup() async {
        let queue = WorkQueue<Piece>(groupMax: 8)
        let record = Record()
        let (first, second) = (Piece(1, record, group: Self.wallet), Piece(2, record, group: Self.wallet))
        queue.append(first)
        #expect(queue.next(after: nil)?.map(\.number) == [1])
        queue.append(second)
        // It may not touch the group, and waits.
        async let other = onThread { queue.next(after: nil)?.map(\.number) }
        usleep(20_000)
        queue.close()
        #expect(queue.next(after: first)?.map(\.number) == [2])
        #expect(queue.next(after: second) == nil)
        #expect(await other == nil)
        queue.append(Piece(3, record))
        #expect(record.state.withLock { $0.failed } == 1)
    }

    @Test("work of a connection that broke goes to another one")
    func handedOver() async {
        let queue = WorkQueue<Piece>(groupMax: 8)
        let record = Record()
        queue.append(Piece(1, record, group: Self.wallet))
        let taken = queue.next(after: nil) ?? []
        async let other = onThread { queue.next(after: nil)?.map(\.number) }
        usleep(20_000)
        queue.putBack(taken)
        queue.finished(taken[0])
        #expect(await other == [1])
    }

    /// Works the queue off; the first time, one of the threads breaks off with its work undone and comes again.
    private static func work(_ queue: WorkQueue<Piece>, _ record: Record, breaksOff: Bool) {
        var (breaksOff, done) = (breaksOff, Piece?.none)
        while let work = queue.next(after: done) {
            if breaksOff {
                queue.putBack(work)
                queue.finished(work[0])
                (breaksOff, done) = (false, nil)
                continue
            }
            record.begin(work)
            if work.count > 3 { usleep(100) }
            record.end(work)
            done = work[0]
        }
    }
}

/// What was done, and what was under way at the same moment.
private final class Record: Sendable {
    struct State {
        var done: [Int: Int] = [:]
        var (failed, mostInGroup, mostBrief) = (0, 0, 0)
        fileprivate var (inGroups, brief): ([WriteGroup: Int], Int) = ([:], 0)
    }

    let state = Mutex(State())

    func begin(_ work: [Piece]) {
        state.withLock { state in
            if work[0].isBrief { state.brief += 1 }
            if let group = work[0].group { state.inGroups[group, default: 0] += 1 }
            state.mostBrief = max(state.mostBrief, state.brief)
            state.mostInGroup = max(state.mostInGroup, state.inGroups.values.max() ?? 0)
        }
    }

    func end(_ work: [Piece]) {
        state.withLock { state in
            if work[0].isBrief { state.brief -= 1 }
            if let group = work[0].group { state.inGroups[group, default: 0] -= 1 }
            for piece in work { state.done[piece.number, default: 0] += 1 }
        }
    }
}

/// Work of each kind by turns: brief, of two groups, and of none.
private struct Piece: QueuedWork {
    let number: Int
    let group: WriteGroup?
    let isBrief: Bool
    let fail: @Sendable (any Error) -> Void
    var isAlone: Bool { number % 7 == 0 }

    init(_ number: Int, _ record: Record) {
        self.number = number
        isBrief = number % 4 < 2
        group = number % 4 == 2 ? .wallet(of: OrganizationID(trusted: "org_\(number % 3)")) : nil
        fail = { _ in record.state.withLock { $0.failed += 1 } }
    }

    init(_ number: Int, _ record: Record, group: WriteGroup) {
        self.number = number
        self.group = group
        isBrief = false
        fail = { _ in record.state.withLock { $0.failed += 1 } }
    }
}

/// Blocking work on a thread of its own.
private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work()) }
    }
}
