import RushesCore
import Testing

@Suite struct BatchMachineTests {
    private func movement(_ moves: (VideoTask.State, VideoTask.State)...) -> BatchMovement {
        moves.reduce(into: BatchMovement()) { $0.add(from: $1.0, to: $1.1) }
    }

    @Test func everyMoveOfATaskIsCountedInItsGroup() {
        for from in VideoTask.State.allCases where !from.isTerminal {
            for to in VideoTask.State.allCases where !(from == .queued && to == .succeeded) {
                let moved = movement((from, to))
                let sum =
                    moved.dispatched + moved.requeued + moved.succeeded + moved.failedWhileRunning
                    + moved.failedWhileQueued
                #expect(sum == (from.group == to.group ? 0 : 1), "\(from) \(to)")
            }
        }
        #expect(movement((.queued, .submitting)).dispatched == 1)
        #expect(movement((.submitting, .queued)).requeued == 1)
        #expect(movement((.running, .queued)).requeued == 1)
        #expect(movement((.storing, .succeeded)).succeeded == 1)
        #expect(movement((.storing, .failed), (.running, .failed)).failedWhileRunning == 2)
        #expect(movement((.queued, .failed)).failedWhileQueued == 1)
    }

    @Test func theFirstDispatchStartsTheBatchOnce() throws {
        var batch = batch(total: 10)
        #expect(try batch.move(movement((.queued, .failed)), at: moment(1)) == [])
        #expect(batch.status == .queued)
        #expect(try batch.move(movement((.queued, .submitting)), at: moment(2)) == [.batchProcessing])
        #expect(batch.status == .processing)
        #expect(batch.startedAt == moment(2))
        #expect(try batch.move(movement((.submitting, .queued)), at: moment(3)) == [])
        #expect(try batch.move(movement((.queued, .submitting)), at: moment(4)) == [])
        #expect(batch.startedAt == moment(2))
        #expect(batch.counts == BatchCounts(total: 10, queued: 8, running: 1, succeeded: 0, failed: 1))
    }

    @Test func aFailureIsDueInTwoSecondsASuccessInTenMinutes() throws {
        var batch = batch(total: 1_000, running: 500)
        _ = try batch.move(movement((.storing, .succeeded)), at: moment(0))
        #expect(batch.settleDueAt == moment(600_000))
        _ = try batch.move(movement((.storing, .succeeded)), at: moment(1_000))
        #expect(batch.settleDueAt == moment(600_000))
        _ = try batch.move(movement((.queued, .failed)), at: moment(5_000))
        #expect(batch.settleDueAt == moment(7_000))
        _ = try batch.move(movement((.running, .failed)), at: moment(6_000))
        #expect(batch.settleDueAt == moment(7_000))
        _ = try batch.move(movement((.running, .queued)), at: moment(6_500))
        #expect(batch.settleDueAt == moment(7_000))
    }

    @Test func manyEndsOrTheLastOneAreDueAtOnce() throws {
        var many = batch(total: 1_000, running: 900, succeeded: 55, posted: (succeeded: 0, failed: 0))
        _ = try many.move(BatchMovement(succeeded: 200), at: moment(1))
        #expect(many.settleDueAt == moment(600_001))
        _ = try many.move(BatchMovement(succeeded: 1), at: moment(2))
        #expect(many.settleDueAt == moment(2))
        var last = batch(total: 3, queued: 0, running: 1, succeeded: 1, failed: 1, due: moment(900_000))
        _ = try last.move(movement((.storing, .succeeded)), at: moment(7))
        #expect(last.settleDueAt == moment(7))
        var late = batch(total: 2, queued: 0, running: 1, failed: 1, due: moment(3))
        _ = try late.move(movement((.running, .failed)), at: moment(7))
        #expect(late.settleDueAt == moment(3))
    }

    @Test func whatIsPostedIsNotDueAgain() throws {
        var batch = batch(total: 10, running: 3, failed: 1, status: .processing)
        #expect(try batch.posted(closing: false, at: moment(1)) == [.tasksSettled])
        #expect((batch.postedSucceeded, batch.postedFailed, batch.instalments) == (0, 1, 1))
        #expect(batch.settleDueAt == nil)
        _ = try batch.move(movement((.queued, .submitting)), at: moment(2))
        #expect(batch.settleDueAt == nil)
        #expect(batch.refunded == veoPrice)
        #expect(batch.held + batch.charged + batch.refunded == batch.frozen)
    }

    @Test(arguments: [
        (10, 0, Batch.Status.completed, EventType.batchCompleted), (9, 1, .partial, .batchPartial),
        (1, 9, .partial, .batchPartial), (0, 10, .failed, .batchFailed),
    ])
    func theEndingComesFromTheCounts(succeeded: Int, failed: Int, status: Batch.Status, event: EventType) throws {
        var batch = batch(total: 10, succeeded: succeeded, failed: failed, status: .processing)
        _ = batch.requestCancel(at: moment(1))
        #expect(try batch.posted(closing: true, at: moment(9)) == [.tasksSettled, event])
        #expect(batch.status == status)
        #expect(batch.finishedAt == moment(9))
        #expect(batch.held == .zero)
    }

    @Test func illegalPostingsAndMovesAreRefused() {
        var open = batch(total: 2, succeeded: 1)
        let early = #expect(throws: IllegalBatchTransition.self) { try open.posted(closing: true, at: moment(1)) }
        #expect(early?.status == .queued && early?.event == "posted")
        var done = batch(total: 2, succeeded: 2, status: .processing)
        #expect(throws: IllegalBatchTransition.self) { try done.posted(closing: false, at: moment(1)) }
        for status in [Batch.Status.completed, .partial, .failed] {
            var ended = batch(total: 2, succeeded: 1, failed: 1, status: status)
            #expect(throws: IllegalBatchTransition.self) {
                try ended.posted(closing: true, at: moment(1))
            }
            #expect(throws: IllegalBatchTransition.self) {
                try ended.move(BatchMovement(), at: moment(1))
            }
            #expect(ended.requestCancel(at: moment(1)) == [])
            #expect(ended.cancelRequestedAt == nil)
        }
    }

    @Test func aCancelIsNotedOnce() {
        var batch = batch(total: 2)
        #expect(batch.requestCancel(at: moment(1)) == [.batchCancelled])
        #expect(batch.requestCancel(at: moment(2)) == [])
        #expect(batch.cancelRequestedAt == moment(1))
        #expect(batch.status == .queued)
    }

    @Test func theFirstAnswerIsKnownForEver() {
        var batch = batch(total: 5, succeeded: 2, failed: 3, status: .partial, posted: (2, 3))
        _ = batch.requestCancel(at: moment(1))
        let first = batch.asCreated
        #expect(first.status == .queued)
        #expect(first.counts == BatchCounts(total: 5, queued: 5, running: 0, succeeded: 0, failed: 0))
        #expect(first.held == first.frozen)
        #expect(first.id == batch.id && first.createdAt == batch.createdAt)
    }

    @Test func randomLivesKeepTheirArithmetic() throws {
        for seed in 0..<300 {
            var chance = Chance(seed: UInt64(seed))
            var tasks = Array(repeating: VideoTask.State.queued, count: chance.between(1, 400))
            var batch = batch(total: tasks.count)
            var now: Int64 = 0
            while !batch.status.isTerminal {
                now += Int64(chance.below(3_000))
                var moved = BatchMovement()
                for index in tasks.indices where !tasks[index].isTerminal && chance.one(in: 4) {
                    let to = chance.one(in: 3) ? VideoTask.State.allCases[chance.below(6)] : .running
                    if tasks[index] == .queued && to == .succeeded { continue }
                    moved.add(from: tasks[index], to: to)
                    tasks[index] = to
                }
                _ = try batch.move(moved, at: moment(now))
                for group in [VideoTask.Group.queued, .running, .succeeded, .failed] {
                    let counted = tasks.count { $0.group == group }
                    let column =
                        switch group {
                        case .queued: batch.counts.queued
                        case .running: batch.counts.running
                        case .succeeded: batch.counts.succeeded
                        case .failed: batch.counts.failed
                        }
                    #expect(counted == column)
                }
                let unposted =
                    batch.counts.succeeded + batch.counts.failed - batch.postedSucceeded - batch.postedFailed
                #expect((batch.settleDueAt == nil) == (unposted == 0))
                if let due = batch.settleDueAt, due <= moment(now + 500) {
                    _ = try batch.posted(closing: batch.counts.open == 0, at: moment(now))
                }
                #expect(batch.held + batch.charged + batch.refunded == batch.frozen)
            }
            #expect(tasks.count { !$0.isTerminal } == 0)
        }
    }
}

extension BatchMovement {
    fileprivate init(succeeded: Int) {
        self.init()
        self.succeeded = succeeded
    }
}
