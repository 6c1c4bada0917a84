import RushesCore
import Testing

/// Every event of the task machine, with the states that may take it.
struct MachineEvent: Sendable, CustomTestStringConvertible {
    let name: String
    let legal: Set<VideoTask.State>
    let apply: @Sendable (inout VideoTask) throws -> Void

    init(_ name: String, _ legal: Set<VideoTask.State>, _ apply: @escaping @Sendable (inout VideoTask) throws -> Void) {
        self.name = name
        self.legal = legal
        self.apply = apply
    }

    var testDescription: String { name }

    static let job = ProviderJobID("job-2")
    static let otherLane = LaneID("other:veo")
    static let open: Set<VideoTask.State> = [.queued, .submitting, .running, .storing]

    static let all: [MachineEvent] =
        [
            MachineEvent("claim", [.queued]) {
                try $0.claim(at: moment(5), leaseMilliseconds: 45_000, deadlineSeconds: 600)
            },
            MachineEvent("accepted", [.submitting]) { try $0.accepted(job, pollAt: moment(5)) },
            MachineEvent("notAccepted", [.submitting]) { try $0.notAccepted(readyAt: moment(5)) },
            MachineEvent("lookLater", [.submitting]) { try $0.lookLater(at: moment(5), looked: true) },
            MachineEvent("resubmit", [.submitting]) { try $0.resubmit(readyAt: moment(5)) },
            MachineEvent("pollLater", [.running]) { try $0.pollLater(at: moment(5)) },
            MachineEvent("noticeMissing", [.running]) { try $0.noticeMissing(true) },
            MachineEvent("retryGeneration", [.running]) { try $0.retryGeneration(readyAt: moment(5)) },
            MachineEvent("retryGeneration elsewhere", [.running]) {
                try $0.retryGeneration(readyAt: moment(5), on: otherLane)
            },
            MachineEvent("waitElsewhere", [.queued]) { try $0.waitElsewhere(in: otherLane) },
            MachineEvent("finishedAtProvider", [.running]) { try $0.finishedAtProvider(at: moment(5)) },
            MachineEvent("storeLater", [.storing]) { try $0.storeLater(at: moment(5)) },
            MachineEvent("storeNotStarted", [.storing]) { try $0.storeNotStarted(at: moment(5)) },
            MachineEvent("stored", [.storing]) { try $0.stored(id(2), at: moment(5)) },
            MachineEvent("storeFailed", [.storing]) { try $0.storeFailed(at: moment(5)) },
            MachineEvent("storeUnavailable", [.storing]) {
                try $0.storeUnavailable(waitMilliseconds: nil, at: moment(5))
            },
            MachineEvent("leased", [.submitting, .running, .storing]) { $0 = try $0.leased(until: moment(5)) },
            MachineEvent("fail", open) { try $0.fail(Failure(.cancelled), at: moment(5)) },
            MachineEvent("overdue", open) { _ = try $0.overdue(at: moment(600_000)) },
        ] + submissions + reconciliations + polls + refusedVideos

    /// Every reason for which a provider does not give a video.
    static let refusedVideos = ProviderFault.Class.allCases.map { each in
        MachineEvent("store refused \(each)", [.storing]) { try $0.storeRefused(fault(each), at: moment(5)) }
    }

    /// Every answer that a provider can give to a create.
    static let submissions: [MachineEvent] =
        [
            MachineEvent("submitted accepted", [.submitting]) {
                _ = try $0.submitAnswered(.accepted(job, pollAfterMilliseconds: nil), at: moment(5), jitterPermille: 0)
            },
            MachineEvent("submitted unknown", [.submitting]) {
                _ = try $0.submitAnswered(.unknown(fault(.timeout)), at: moment(5), jitterPermille: 0)
            },
        ]
        + ProviderFault.Class.allCases.map { each in
            MachineEvent("submitted not accepted \(each)", [.submitting]) {
                _ = try $0.submitAnswered(.notAccepted(fault(each)), at: moment(5), jitterPermille: 0)
            }
        }

    /// Every finding of a reconciliation, early and after the deadline.
    static let reconciliations: [MachineEvent] = [5, 700_000].flatMap { (at: Int64) in
        [ReconcileFinding.found(job), .none, .inconclusive].flatMap { finding in
            [VideoModel.UnknownCreatePolicy.fail, .resubmitOnce].map { policy in
                MachineEvent("reconciled \(finding) \(policy) at \(at)", [.submitting]) {
                    _ = try $0.reconciled(finding, policy: policy, at: moment(at))
                }
            }
        }
    }

    /// Every answer to a poll, early and after the deadline.
    static let polls: [MachineEvent] = [5, 700_000].flatMap { (at: Int64) in
        let outcomes: [PollOutcome] =
            [
                .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil), .completed, .lost(fault(.lost)),
                .unavailable(fault(.transient)),
            ] + ProviderFault.Class.allCases.map { .failed(fault($0)) }
        return outcomes.map { outcome in
            MachineEvent("polled \(outcome) at \(at)", [.running]) {
                _ = try $0.polled(outcome, at: moment(at), jitterPermille: 0)
            }
        }
    }
}

@Suite struct VideoTaskMachineTests {
    /// The whole table: every event in every state, with no, one and many tries before.
    @Test(arguments: MachineEvent.all)
    func eachStateTakesItsEventsAndNoOthers(event: MachineEvent) {
        for state in VideoTask.State.allCases {
            for tries in [0, 1, 5] {
                let before = task(state) { $0.tries = tries }
                var after = before
                if event.legal.contains(state) {
                    #expect(throws: Never.self, "\(state)") { try event.apply(&after) }
                    #expect(after != before || event.name == "storeFailed", "\(state) must change")
                } else {
                    #expect(throws: IllegalTransition.self, "\(state)") { try event.apply(&after) }
                    #expect(after == before, "\(state) must not change")
                }
            }
        }
    }

    @Test func aClaimIsDurableIntentAndStartsTheDeadline() throws {
        var task = task(.queued)
        try task.claim(at: moment(1_000), leaseMilliseconds: 45_000, deadlineSeconds: 120)
        #expect(task.state == .submitting)
        #expect((task.attempt, task.generations, task.tries) == (1, 1, 0))
        #expect(task.dueAt == moment(46_000))
        #expect(task.dispatchedAt == moment(1_000))
        #expect(task.deadlineAt == moment(121_000))
    }

    @Test func aRefusedAttemptClearsTheDeadlineUnlessAnEarlierOneCounts() throws {
        var fresh = task(.submitting)
        try fresh.notAccepted(readyAt: moment(7))
        #expect(fresh.state == .queued)
        #expect((fresh.attempt, fresh.generations) == (1, 0))
        #expect(fresh.dispatchedAt == nil && fresh.deadlineAt == nil)
        var second = task(.submitting) {
            $0.attempt = 2
            $0.generations = 2
        }
        try second.notAccepted(readyAt: moment(7))
        #expect(second.generations == 1)
        #expect(second.deadlineAt == moment(600_000))
        try second.claim(at: moment(9_000), leaseMilliseconds: 45_000, deadlineSeconds: 600)
        #expect(second.attempt == 3)
        #expect(second.dispatchedAt == moment(0) && second.deadlineAt == moment(600_000))
    }

    @Test func theWayOfASuccess() throws {
        var task = task(.queued)
        try task.claim(at: moment(0), leaseMilliseconds: 45_000, deadlineSeconds: 600)
        try task.accepted(MachineEvent.job, pollAt: moment(5_000))
        #expect((task.state, task.job, task.dueAt) == (.running, MachineEvent.job, moment(5_000)))
        try task.noticeMissing(true)
        #expect(task.tries == 1)
        try task.noticeMissing(false)
        #expect(task.tries == 0)
        try task.pollLater(at: moment(10_000))
        #expect(task.dueAt == moment(10_000))
        try task.finishedAtProvider(at: moment(10_000))
        #expect((task.state, task.tries, task.dueAt) == (.storing, 0, moment(10_000)))
        try task.storeLater(at: moment(70_000))
        #expect((task.tries, task.dueAt) == (1, moment(70_000)))
        try task.stored(id(2), at: moment(11_000))
        #expect((task.state, task.asset, task.finishedAt) == (.succeeded, id(2), moment(11_000)))
        #expect(task.failure == nil)
    }

    @Test func anotherGenerationForgetsTheJobAndKeepsTheDeadline() throws {
        var task = task(.running)
        try task.retryGeneration(readyAt: moment(9))
        #expect((task.state, task.job, task.tries, task.dueAt) == (.queued, nil, 0, moment(9)))
        #expect(task.deadlineAt == moment(600_000))
        #expect((task.attempt, task.generations) == (1, 1))
        #expect(task.waitingLane == nil, "it waits with its batch")
    }

    @Test func anotherGenerationGoesOverAndStaysThereUntilItIsSentOn() throws {
        let third = LaneID("third:veo")
        var task = task(.running)
        try task.retryGeneration(readyAt: moment(9), on: MachineEvent.otherLane)
        #expect(task.waitingLane == MachineEvent.otherLane && task.deadlineAt == moment(600_000))
        try task.claim(at: moment(10), leaseMilliseconds: 45_000, deadlineSeconds: 600)
        #expect(task.deadlineAt == moment(600_000) && task.dispatchedAt == moment(0))
        try task.notAccepted(readyAt: moment(11))
        #expect(task.waitingLane == MachineEvent.otherLane)
        try task.waitElsewhere(in: third)
        #expect(task.waitingLane == third && task.dueAt == moment(11))
        try task.claim(at: moment(12), leaseMilliseconds: 45_000, deadlineSeconds: 600)
        try task.accepted(MachineEvent.job, pollAt: moment(13))
        // Nowhere else to go: it stays where it waited.
        try task.retryGeneration(readyAt: moment(14))
        #expect(task.waitingLane == third && task.attempt == 3)
    }

    /// Whatever is tried: after an unknown create it stays on its lane, also when a later generation fails.
    @Test func anUnknownAttemptNeverGoesOver() throws {
        var task = task(.submitting)
        let own = task.lane
        try task.resubmit(readyAt: moment(9))
        #expect(task.waitingLane == own && !task.mayChangeLane)
        let before = task
        #expect(throws: IllegalTransition.self) { try task.waitElsewhere(in: MachineEvent.otherLane) }
        #expect(task == before)
        try task.claim(at: moment(10), leaseMilliseconds: 45_000, deadlineSeconds: 600)
        try task.accepted(MachineEvent.job, pollAt: moment(11))
        _ = try task.polled(
            .failed(fault(.transient)), orOn: MachineEvent.otherLane, at: moment(12), jitterPermille: 0)
        #expect(task.state == .queued && task.waitingLane == own)
    }

    @Test func aBlindResubmissionIsCounted() throws {
        var task = task(.submitting)
        try task.resubmit(readyAt: moment(9))
        #expect((task.state, task.blindResubmissions, task.generations) == (.queued, 1, 1))
        #expect(task.deadlineAt == moment(600_000))
    }

    @Test func anIllegalTransitionNamesStateAndEvent() {
        var task = task(.succeeded)
        let refusal = #expect(throws: IllegalTransition.self) {
            try task.claim(at: moment(0), leaseMilliseconds: 1, deadlineSeconds: 1)
        }
        #expect(refusal?.state == .succeeded && refusal?.event == "claim")
    }
}
