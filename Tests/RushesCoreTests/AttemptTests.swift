import RushesCore
import Testing

@Suite struct AttemptTests {
    private let job = ProviderJobID("job")

    private func attempt() -> Attempt { Attempt(submitting: task(.submitting), at: moment(0)) }

    @Test func itIsWrittenBeforeTheCallAndHoldsASlot() {
        let attempt = attempt()
        #expect((attempt.number, attempt.outcome, attempt.holdsSlot) == (1, .submitting, true))
        #expect((attempt.startedAt, attempt.deadlineAt) == (moment(0), moment(600_000)))
    }

    @Test func everyEffectHasItsOutcomeSlotAndEnd() {
        let table: [(AttemptEffect, Attempt.Outcome, Bool, Bool)] = [
            (.running(job), .running, true, false), (.unknown(fault(.timeout)), .unknown, true, false),
            (.notAccepted(fault(.rateLimited)), .notAccepted, false, true), (.completed, .completed, false, true),
            (.failed(fault(.moderated)), .failed, false, true), (.notFound, .unknown, false, true),
            (.abandoned, .abandoned, true, false),
        ]
        for (effect, outcome, holdsSlot, ended) in table {
            let change = effect.change(at: moment(7))
            #expect(change?.outcome == outcome && change?.holdsSlot == holdsSlot, "\(effect)")
            #expect(change?.endedAt == (ended ? moment(7) : nil), "\(effect)")
        }
        #expect(AttemptEffect.none.change(at: moment(7)) == nil)
        #expect(AttemptEffect.running(job).change(at: moment(7))?.job == job)
        #expect(AttemptEffect.abandoned.change(at: moment(0))?.watchAt == moment(15_000))
        #expect(AttemptEffect.failed(fault(.moderated)).change(at: moment(7))?.fault == fault(.moderated))
    }

    private func watched(holdsSlot: Bool = true) -> Attempt {
        Attempt(
            task: id(1), number: 1, lane: LaneID("p:m"), startedAt: moment(0), deadlineAt: moment(600_000),
            outcome: .abandoned, job: job, endedAt: nil, holdsSlot: holdsSlot, watchAt: moment(1), faultClass: nil,
            faultMessage: nil)
    }

    private func shape(_ change: AttemptChange) -> [Timestamp?] { [change.watchAt, change.endedAt] }

    @Test func anAbandonedJobKeepsItsSlotUntilItEndsOrTwiceTheDeadline() {
        let running = PollOutcome.running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
        for answer in [running, .unavailable(fault(.transient))] {
            let early = watched().watched(answer, at: moment(1_199_999))
            #expect(early.holdsSlot && early.outcome == .abandoned)
            #expect(shape(early) == [moment(1_214_999), nil])
            let later = watched().watched(answer, at: moment(1_200_000))
            #expect(!later.holdsSlot)
            #expect(shape(later) == [moment(1_260_000), nil])
            let last = watched(holdsSlot: false).watched(answer, at: moment(3_600_000))
            #expect(!last.holdsSlot && last.outcome == .abandoned)
            #expect(shape(last) == [nil, moment(3_600_000)])
        }
    }

    @Test func aLateVideoIsALeakAndALateFailureIsNot() {
        let leaked = watched().watched(.completed, at: moment(700_000))
        #expect(leaked.outcome == .leaked && !leaked.holdsSlot)
        #expect(shape(leaked) == [nil, moment(700_000)])
        for answer in [PollOutcome.failed(fault(.transient)), .lost(fault(.lost))] {
            let failed = watched().watched(answer, at: moment(700_000))
            #expect(failed.outcome == .failed && !failed.holdsSlot)
            #expect(shape(failed) == [nil, moment(700_000)])
        }
    }

    @Test func anAttemptWithoutAJobIsWatchedOnlyForItsSlot() {
        let early = watched().watched(nil, at: moment(1_100_000))
        #expect(early.holdsSlot && early.watchAt != nil)
        let last = watched().watched(nil, at: moment(1_200_000))
        #expect(!last.holdsSlot)
        #expect(shape(last) == [nil, moment(1_200_000)])
    }
}
