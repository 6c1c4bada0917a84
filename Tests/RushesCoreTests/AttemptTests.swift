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
            (.none, .submitting, true, false), (.running(job), .running, true, false),
            (.unknown(fault(.timeout)), .unknown, true, false),
            (.notAccepted(fault(.rateLimited)), .notAccepted, false, true), (.completed, .completed, false, true),
            (.failed(fault(.moderated)), .failed, false, true), (.notFound, .unknown, false, true),
            (.abandoned, .abandoned, true, false),
        ]
        for (effect, outcome, holdsSlot, ended) in table {
            var attempt = attempt()
            attempt.apply(effect, at: moment(7))
            #expect((attempt.outcome, attempt.holdsSlot) == (outcome, holdsSlot), "\(effect)")
            #expect(attempt.endedAt == (ended ? moment(7) : nil), "\(effect)")
        }
    }

    @Test func anAbandonedJobKeepsItsSlotUntilItEndsOrTwiceTheDeadline() {
        var attempt = attempt()
        attempt.apply(.running(job), at: moment(1))
        attempt.apply(.abandoned, at: moment(600_000))
        #expect(attempt.watchAt == moment(615_000))
        let running = PollOutcome.running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
        #expect(attempt.watched(running, at: moment(1_199_999)) == false)
        #expect((attempt.holdsSlot, attempt.watchAt) == (true, moment(1_214_999)))
        #expect(attempt.watched(running, at: moment(1_200_000)) == false)
        #expect((attempt.holdsSlot, attempt.watchAt) == (false, moment(1_260_000)))
        #expect(attempt.watched(.unavailable(fault(.transient)), at: moment(3_599_999)) == false)
        #expect(attempt.watchAt != nil)
        #expect(attempt.watched(running, at: moment(3_600_000)) == false)
        #expect((attempt.watchAt, attempt.endedAt) == (nil, moment(3_600_000)))
    }

    @Test func aLateVideoIsALeakAndALateFailureIsNot() {
        var leaked = attempt()
        leaked.apply(.abandoned, at: moment(600_000))
        #expect(leaked.watched(.completed, at: moment(700_000)) == true)
        #expect((leaked.outcome, leaked.holdsSlot, leaked.watchAt) == (.leaked, false, nil))
        for answer in [PollOutcome.failed(fault(.transient)), .lost(fault(.lost))] {
            var failed = attempt()
            failed.apply(.abandoned, at: moment(600_000))
            #expect(failed.watched(answer, at: moment(700_000)) == false)
            #expect((failed.outcome, failed.holdsSlot, failed.watchAt) == (.failed, false, nil))
        }
    }

    @Test func anAttemptWithoutAJobIsWatchedOnlyForItsSlot() {
        var attempt = attempt()
        attempt.apply(.abandoned, at: moment(600_000))
        #expect(attempt.watched(nil, at: moment(1_100_000)) == false)
        #expect(attempt.holdsSlot && attempt.watchAt != nil)
        #expect(attempt.watched(nil, at: moment(1_200_000)) == false)
        #expect((attempt.holdsSlot, attempt.watchAt, attempt.endedAt) == (false, nil, moment(1_200_000)))
    }

    @Test func theProvidersWordsAreKeptForTheOperatorWithinBounds() {
        var attempt = attempt()
        attempt.apply(.failed(ProviderFault(.moderated, message: String(repeating: "x", count: 900))), at: moment(1))
        #expect(attempt.faultClass == .moderated)
        #expect(attempt.faultMessage?.count == 500)
    }
}
