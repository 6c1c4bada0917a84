import RushesCore
import Testing

@Suite struct PollingTests {
    private let running = PollOutcome.running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)

    @Test func aFinishedJobIsStoredEvenAfterTheDeadline() throws {
        for at: Int64 in [1, 600_000, 650_000] {
            var task = task(.running)
            #expect(try task.polled(.completed, at: moment(at), jitterPermille: 0) == .completed)
            #expect((task.state, task.dueAt) == (.storing, moment(at)))
        }
    }

    @Test func aRunningJobIsPolledUntilTheDeadlineAndThenAbandoned() throws {
        var task = task(.running)
        #expect(try task.polled(running, at: moment(599_000), jitterPermille: 0) == .none)
        #expect(task.dueAt == moment(600_000))
        #expect(try task.polled(running, at: moment(600_000), jitterPermille: 0) == .abandoned)
        #expect((task.state, task.failure?.type, task.finishedAt) == (.failed, .timedOut, moment(600_000)))
    }

    @Test func anUnfamiliarWordIsStillRunning() throws {
        var task = task(.running)
        let answer = PollOutcome.running(pollAfterMilliseconds: 60, unfamiliarStatus: "paused")
        #expect(try task.polled(answer, at: moment(1_000), jitterPermille: 0) == .none)
        #expect((task.state, task.dueAt) == (.running, moment(1_060)))
    }

    @Test func aProviderThatCannotBeAskedHasThreeSecondsMoreAtTheDeadline() throws {
        var task = task(.running)
        for at: Int64 in [600_000, 601_000, 602_999] {
            #expect(try task.polled(.unavailable(fault(.transient)), at: moment(at), jitterPermille: 0) == .none)
            #expect((task.state, task.dueAt) == (.running, moment(at + 1_000)))
        }
        #expect(try task.polled(.unavailable(fault(.transient)), at: moment(603_000), jitterPermille: 0) == .abandoned)
        #expect(task.failure?.type == .timedOut)
    }

    @Test func aJobIsLostWhenItIsMissingThreeTimesInARow() throws {
        var task = task(.running)
        let lost = PollOutcome.lost(fault(.lost))
        #expect(try task.polled(lost, at: moment(1_000), jitterPermille: 0) == .none)
        #expect(try task.polled(lost, at: moment(2_000), jitterPermille: 0) == .none)
        #expect(try task.polled(running, at: moment(3_000), jitterPermille: 0) == .none)
        #expect(task.tries == 0)
        #expect(try task.polled(lost, at: moment(4_000), jitterPermille: 0) == .none)
        #expect(try task.polled(lost, at: moment(5_000), jitterPermille: 0) == .none)
        #expect(try task.polled(.unavailable(fault(.transient)), at: moment(6_000), jitterPermille: 0) == .none)
        #expect(task.tries == 2)
        #expect(try task.polled(lost, at: moment(7_000), jitterPermille: 0) == .failed(fault(.lost)))
        #expect((task.state, task.failure?.type) == (.failed, .providerError))
    }

    @Test func aJobMissingAtTheDeadlineIsTimedOut() throws {
        var task = task(.running) { $0.tries = 2 }
        #expect(try task.polled(.lost(fault(.lost)), at: moment(600_000), jitterPermille: 0) == .abandoned)
        #expect(task.failure?.type == .timedOut)
    }

    @Test(arguments: ProviderFault.Class.allCases)
    func aPassingFaultEarnsAnotherGenerationAFinalOneEnds(class: ProviderFault.Class) throws {
        var task = task(.running)
        #expect(
            try task.polled(.failed(fault(`class`)), at: moment(1_000), jitterPermille: 500) == .failed(fault(`class`)))
        if fault(`class`).isWorthAnotherGeneration {
            #expect((task.state, task.dueAt, task.job) == (.queued, moment(2_000), nil))
        } else {
            #expect((task.state, task.failure?.type) == (.failed, fault(`class`).failureType))
        }
    }

    @Test func threeGenerationsAreTheMostAndTheDeadlineEndsThemEarlier() throws {
        var second = task(.running) { $0.generations = 2 }
        _ = try second.polled(.failed(fault(.transient)), at: moment(0), jitterPermille: 999)
        #expect((second.state, second.dueAt) == (.queued, moment(7_992)))
        var third = task(.running) { $0.generations = 3 }
        _ = try third.polled(.failed(fault(.transient)), at: moment(0), jitterPermille: 0)
        #expect((third.state, third.failure?.type) == (.failed, .providerError))
        var late = task(.running)
        _ = try late.polled(.failed(fault(.transient)), at: moment(599_500), jitterPermille: 500)
        #expect(late.state == .failed)
        var inTime = task(.running)
        _ = try inTime.polled(.failed(fault(.transient)), at: moment(599_500), jitterPermille: 200)
        #expect(inTime.state == .queued)
    }

    @Test(
        arguments: [
            // After so long, the provider wants so long; the next generation is ready then, nil for never.
            (1_000, nil, 3_000), (1_000, 500, 3_000), (1_000, 7_000, 8_000), (592_999, 7_000, 599_999),
            (593_000, 7_000, nil), (1_000, 120_000, 121_000),
        ] as [(Int64, Int64?, Int64?)])
    func theNextGenerationIsNotEarlierThanTheProviderWants(at: Int64, wait: Int64?, ready: Int64?) throws {
        for `class` in [ProviderFault.Class.rateLimited, .transient] {
            var task = task(.running)
            let fault = fault(`class`, retryAfter: wait)
            let effect = try task.polled(.failed(fault), at: moment(at), jitterPermille: 1_000)
            #expect(effect == .failed(fault) && task.state == (ready == nil ? .failed : .queued))
            if let ready { #expect(task.dueAt == moment(ready)) }
            // Only too many jobs concern the lane.
            #expect(effect.laneFault == (`class` == .rateLimited && wait != nil ? fault : nil))
        }
    }

    /// Only a generation that failed in passing goes over, and it does not wait for what the former provider wants.
    @Test(arguments: ProviderFault.Class.allCases)
    func onlyAFailedGenerationGoesOver(class: ProviderFault.Class) throws {
        let other = MachineEvent.otherLane
        var failed = task(.running)
        let fault = fault(`class`, retryAfter: 60_000)
        _ = try failed.polled(.failed(fault), orOn: other, at: moment(1_000), jitterPermille: 500)
        if fault.isWorthAnotherGeneration {
            #expect((failed.state, failed.waitingLane, failed.dueAt) == (.queued, other, moment(2_000)))
        } else {
            #expect(failed.state == .failed && failed.waitingLane == nil)
        }
        for outcome in [running, .unavailable(fault), .lost(fault), .completed] {
            var task = task(.running)
            _ = try task.polled(outcome, orOn: other, at: moment(1_000), jitterPermille: 0)
            #expect(task.waitingLane == nil && task.state != .queued, "\(outcome)")
        }
        var spent = task(.running) { $0.generations = 3 }
        _ = try spent.polled(.failed(fault), orOn: other, at: moment(1_000), jitterPermille: 0)
        #expect(spent.state == .failed, "the number of generations is over all routes")
    }

    @Test(
        arguments: [
            (0, nil, 0, 5_000), (59_999, nil, 0, 5_000), (60_000, nil, 0, 10_000), (0, nil, 999, 5_999),
            (60_000, nil, 500, 11_000), (0, 1, 0, 50), (0, 700, 0, 700), (0, 99_999, 0, 10_000),
            (99_000, 100, 500, 110),
        ] as [(Int64, Int64?, Int64, Int64)])
    func theNextLook(age: Int64, hint: Int64?, jitter: Int64, pause: Int64) {
        let next = PollSchedule().next(at: moment(0), age: age, hint: hint, deadline: nil, jitterPermille: jitter)
        #expect(next == moment(pause))
        let capped = PollSchedule().next(
            at: moment(0), age: age, hint: hint, deadline: moment(40), jitterPermille: jitter)
        #expect(capped == moment(40))
        let past = PollSchedule().next(at: moment(0), age: age, hint: hint, deadline: moment(0), jitterPermille: jitter)
        #expect(past == moment(pause))
    }
}
