import RushesCore
import Testing

@Suite struct SubmissionTests {
    private let job = ProviderJobID("job-2")

    @Test func anAcceptedJobIsPolledByTheProvidersHint() throws {
        var task = task(.submitting)
        let effect = try task.submitAnswered(
            .accepted(job, pollAfterMilliseconds: 700), at: moment(100), jitterPermille: 0)
        #expect(effect == StepEffect(.running(job)))
        #expect((task.state, task.dueAt) == (.running, moment(800)))
    }

    @Test func anUnknownCreateIsLookedForInFiveSeconds() throws {
        var task = task(.submitting)
        let effect = try task.submitAnswered(.unknown(fault(.timeout)), at: moment(100), jitterPermille: 0)
        #expect(effect == StepEffect(.unknown(fault(.timeout))))
        #expect((task.state, task.dueAt, task.tries) == (.submitting, moment(5_100), 0))
        #expect(task.generations == 1 && task.deadlineAt != nil)
    }

    @Test(arguments: [
        ProviderFault.Class.rateLimited, .quotaExhausted, .auth, .transient, .timeout, .noEndpoint, .unknown,
    ])
    func aPassingRefusalGoesBackToTheQueue(class: ProviderFault.Class) throws {
        var task = task(.submitting)
        let effect = try task.submitAnswered(.notAccepted(fault(`class`)), at: moment(100), jitterPermille: 0)
        #expect(effect == StepEffect(.notAccepted(fault(`class`)), refusal: fault(`class`)))
        #expect((task.state, task.generations, task.deadlineAt) == (.queued, 0, nil))
        var last = RushesCoreTests.task(.submitting) { $0.attempt = Limits.attemptsPerTaskMax }
        _ = try last.submitAnswered(.notAccepted(fault(`class`)), at: moment(100), jitterPermille: 0)
        #expect((last.state, last.failure?.type) == (.failed, .providerUnavailable))
    }

    @Test(arguments: [
        (ProviderFault.Class.moderated, FailureType.moderated),
        (.permanentRequest, .invalidRequest), (.permanentGeneration, .providerError), (.lost, .providerError),
    ])
    func aFinalRefusalEndsTheTask(class: ProviderFault.Class, type: FailureType) throws {
        var task = task(.submitting)
        let effect = try task.submitAnswered(.notAccepted(fault(`class`)), at: moment(100), jitterPermille: 0)
        #expect(effect.refusal == fault(`class`))
        #expect((task.state, task.failure?.type, task.failure?.providerCode) == (.failed, type, "code"))
        #expect(task.finishedAt == moment(100))
    }

    @Test func aModelThatIsGoneLeavesTheTaskToTheSweeper() throws {
        var task = task(.submitting) { $0.attempt = Limits.attemptsPerTaskMax }
        let effect = try task.submitAnswered(.notAccepted(fault(.retired)), at: moment(100), jitterPermille: 0)
        #expect(effect.refusal == fault(.retired))
        #expect((task.state, task.generations, task.deadlineAt) == (.queued, 0, nil))
    }

    @Test func aFoundJobIsAdoptedAndPolledAtOnce() throws {
        for policy in [VideoModel.UnknownCreatePolicy.fail, .resubmitOnce] {
            var task = task(.submitting) { $0.tries = 1 }
            #expect(try task.reconciled(.found(job), policy: policy, at: moment(900)) == .running(job))
            #expect((task.state, task.job, task.dueAt) == (.running, job, moment(900)))
        }
    }

    @Test func oneEmptyLookProvesNothing() throws {
        for policy in [VideoModel.UnknownCreatePolicy.fail, .resubmitOnce] {
            var task = task(.submitting)
            #expect(try task.reconciled(.none, policy: policy, at: moment(5_000)) == .none)
            #expect((task.state, task.tries, task.dueAt) == (.submitting, 1, moment(15_000)))
        }
    }

    @Test func theCheapModelIsSubmittedOnceMoreTheDearOneFails() throws {
        var cheap = task(.submitting) { $0.tries = 1 }
        #expect(try cheap.reconciled(.none, policy: .resubmitOnce, at: moment(15_000)) == .notFound)
        #expect((cheap.state, cheap.blindResubmissions, cheap.dueAt) == (.queued, 1, moment(15_000)))
        var again = task(.submitting) {
            $0.tries = 1
            $0.blindResubmissions = 1
        }
        #expect(try again.reconciled(.none, policy: .resubmitOnce, at: moment(15_000)) == .notFound)
        #expect((again.state, again.failure?.type) == (.failed, .providerError))
        var worn = task(.submitting) {
            $0.tries = 1
            $0.generations = Limits.generationsPerTaskMax
        }
        _ = try worn.reconciled(.none, policy: .resubmitOnce, at: moment(15_000))
        #expect(worn.state == .failed)
        var dear = task(.submitting) { $0.tries = 1 }
        #expect(try dear.reconciled(.none, policy: .fail, at: moment(15_000)) == .notFound)
        #expect((dear.state, dear.failure?.type) == (.failed, .providerError))
    }

    @Test func afterTheDeadlineNothingIsSubmittedAgain() throws {
        var none = task(.submitting) { $0.tries = 1 }
        #expect(try none.reconciled(.none, policy: .resubmitOnce, at: moment(600_000)) == .notFound)
        #expect((none.state, none.failure?.type) == (.failed, .timedOut))
        var unclear = task(.submitting) { $0.tries = 1 }
        #expect(try unclear.reconciled(.inconclusive, policy: .resubmitOnce, at: moment(600_000)) == .abandoned)
        #expect((unclear.state, unclear.failure?.type) == (.failed, .timedOut))
    }

    @Test func anInconclusiveLookDoesNotCount() throws {
        var task = task(.submitting)
        #expect(try task.reconciled(.inconclusive, policy: .fail, at: moment(5_000)) == .none)
        #expect((task.state, task.tries, task.dueAt) == (.submitting, 0, moment(10_000)))
    }

    @Test func theDeadlineIsAMomentNotAnInterval() {
        let task = task(.running)
        #expect(!task.isPastDeadline(moment(599_999)))
        #expect(task.isPastDeadline(moment(600_000)))
        #expect(!RushesCoreTests.task(.queued).isPastDeadline(moment(999_999_999)))
    }
}
