import Logging
import Metrics
import RushesCore
import RushesDatabase
import RushesStore

/// Claims waiting tasks within a lane's limits and submits them to the provider.
///
/// The intention is durable before the call: a task in `submitting` whose lease ran out is known to be ambiguous and
/// belongs to the Reconciler.
package struct Dispatcher: Worker {
    package let name = "dispatcher"
    private let engine: Engine
    private let claimsMax: Int

    /// A Dispatcher that claims at most `claimsMax` tasks in one step.
    package init(_ engine: Engine, claimsMax: Int = Limits.tasksPerClaimMax) {
        self.engine = engine
        self.claimsMax = claimsMax
    }

    package func step() async throws -> Int {
        let (lanes, isStoringBehind) = try await engine.database.read { reader in
            (
                try reader.lanesToDispatch(),
                try reader.isAnyDue(in: .storing, sinceMilliseconds: Limits.storingLagMaxMilliseconds)
            )
        }
        var moved = 0
        for lane in lanes {
            guard let provider = engine.providers.provider(for: lane) else {
                engine.logger.debug("no account for lane", metadata: ["lane": "\(lane)"])
                continue
            }
            // Begun before the claim, so that it ends before the database's lease.
            let lease = Lease(milliseconds: VideoTask.submitLeaseMilliseconds, engine.environment)
            let claim = try await claim(on: lane, onlyAgain: isStoringBehind)
            moved += claim.tasks.count
            try await submit(claim, until: lease, to: provider)
        }
        return moved
    }

    /// Claims tasks; with `onlyAgain` none that was not dispatched before, whose deadline does not run.
    private func claim(on id: LaneID, onlyAgain: Bool) async throws -> Claim {
        let engine = engine
        let claimsMax = claimsMax
        return try await engine.database.write { transaction in
            guard var lane = try transaction.lockLane(id) else { return Claim() }
            let now = transaction.now
            let admitted = try transaction.admission(to: id.provider, limit: claimsMax)
            let allowance = lane.allowance(at: now, limit: admitted.limit, rampPermille: admitted.rampPermille)
            if allowance == 0 { return Claim() }
            let book = try engine.catalogues.current(transaction)
            let lookedUpTo = lane.lookedUpTo
            let tasks = try transaction.readyTasks(for: allowance, of: &lane, onlyAgain: onlyAgain)
            if tasks.isEmpty && lane.lookedUpTo == lookedUpTo { return Claim() }
            let batches = try transaction.lockBatchesToDispatch(Set(tasks.map(\.batch)).sorted())
            let steps = try tasks.compactMap { task throws -> TaskStep? in
                guard let batch = batches[task.batch], let model = book.catalogue.model(batch.model) else { return nil }
                return try task.claimStep(at: now, deadlineSeconds: model.deadlineSeconds)
            }
            let claimed = try transaction.dispatch(steps, of: batches, on: &lane, ids: engine.environment.ids)
            try transaction.save(lane)
            if var account = admitted.probing, !claimed.isEmpty {
                account.breaker.probe(at: now)
                try transaction.save(account)
            }
            let parameters = batches.compactMapValues { book.catalogue.model($0.model)?.parameters(on: id) }
            return Claim(tasks: claimed, parameters: parameters)
        }
    }

    private func submit(_ claim: Claim, until lease: Lease, to provider: any VideoProvider) async throws {
        try await FanOut(width: engine.fanOutWidth, environment: engine.environment).run(claim.tasks) { task in
            (task, await Self.submit(claim.submission(of: task), to: provider, lease))
        } flush: { answers in
            let jitters = answers.map { _ in engine.jitterPermille() }
            let ids = engine.environment.ids
            let (steps, committed) = try await engine.database.writeByKey { transaction in
                let schedules = try transaction.pollSchedules()
                let steps = try zip(answers, jitters).map { answer, jitter in
                    let schedule = schedules[answer.0.lane] ?? PollSchedule()
                    return try answer.0.step(answer.1, schedule, at: transaction.now, jitterPermille: jitter)
                }
                return (steps, try transaction.commit(steps, ids: ids))
            }
            engine.measure(committed)
            report(steps, committed.won)
        }
    }

    /// Calls the provider, unless so much of the lease is gone that the call could outlive it: then the task goes back,
    /// provably not sent, and nil says so.
    private static func submit(
        _ submission: Submission, to provider: any VideoProvider, _ lease: Lease
    ) async -> SubmitOutcome? {
        guard lease.leftMilliseconds >= VideoTask.submitCallMilliseconds, !Task.isCancelled else { return nil }
        return await provider.submit(submission)
    }

    private func report(_ steps: [TaskStep], _ won: [Bool]) {
        for (step, won) in zip(steps, won) {
            if !won {
                engine.logger.notice("answer came too late", metadata: ["task.id": "\(step.before.id)"])
            } else if case .unknown(let fault) = step.effect {
                engine.logger.warning(
                    "outcome of a create is unknown",
                    metadata: ["task.id": "\(step.before.id)", "fault": "\(fault.class.rawValue): \(fault.message)"])
            } else if let refusal = step.refusal {
                engine.logger.notice(
                    "create was refused",
                    metadata: [
                        "task.id": "\(step.before.id)", "fault": "\(refusal.class.rawValue): \(refusal.message)",
                    ])
            }
            if let fault = step.createFault { engine.count(fault, on: step.before.lane) }
        }
    }
}

extension Engine {
    /// Counts a create that failed: what a provider refuses is seen on each node's `/metrics`.
    fileprivate func count(_ fault: ProviderFault, on lane: LaneID) {
        Counter(
            label: "rushes_provider_refusals_total",
            dimensions: [("lane", lane.rawValue), ("class", fault.class.rawValue)]
        ).increment()
    }
}

/// What a step has taken of a lane.
private struct Claim: Sendable {
    var tasks: [VideoTask] = []
    /// By batch, what the lane's route sends with each create besides.
    var parameters: [BatchID: [String: RouteParameter]] = [:]

    func submission(of task: VideoTask) -> Submission {
        Submission(
            task: task.id, attempt: task.attempt, model: task.lane.model, prompt: task.specification.prompt,
            seconds: task.specification.seconds, size: task.specification.size,
            deadline: task.deadlineAt ?? task.createdAt, parameters: parameters[task.batch] ?? [:])
    }
}

/// What an account's breaker lets through of a claim.
private struct Admitted {
    let limit: Int
    let rampPermille: Int
    /// The locked account, when the claim is its probe.
    var probing: ProviderAccount?
}

extension SQLTransaction {
    /// What the breaker of a locked lane's account lets through. The account is locked only for a probe, of which there
    /// is one at a time over all its lanes and nodes.
    fileprivate func admission(to name: String, limit: Int) throws(DatabaseError) -> Admitted {
        let breaker = try providerAccount(name).breaker
        switch breaker.admission(at: now) {
        case .all: return Admitted(limit: limit, rampPermille: breaker.rampPermille(at: now))
        case .none: return Admitted(limit: 0, rampPermille: 1_000)
        case .probe: break
        }
        let locked = try lockProviderAccount(name)
        switch locked.breaker.admission(at: now) {
        case .all: return Admitted(limit: limit, rampPermille: locked.breaker.rampPermille(at: now))
        case .none: return Admitted(limit: 0, rampPermille: 1_000)
        case .probe: return Admitted(limit: 1, rampPermille: 1_000, probing: locked)
        }
    }
}

extension SQLTransaction {
    /// Waiting tasks that get a lane's slots, in the order of the sharing. What a batch was given and has no ready task
    /// for is shared again.
    fileprivate func readyTasks(
        for allowance: Int, of lane: inout Lane, onlyAgain: Bool
    ) throws -> [VideoTask] {
        var demands = try demands(of: &lane, slots: allowance)
        var ready: [BatchID: [VideoTask]] = [:]
        var left = allowance
        while left > 0 {
            var found: [BatchID: (slots: Int, tasks: Int)] = [:]
            for (batch, slots) in Lane.share(left, over: demands) {
                let known = ready[batch]?.count ?? 0
                let tasks = try readyTasks(of: batch, in: lane.id, onlyAgain: onlyAgain, limit: known + slots)
                    .filter { !$0.isPastDeadline(now) }
                ready[batch] = tasks
                found[batch] = (slots, tasks.count - known)
                left -= tasks.count - known
            }
            if found.values.allSatisfy({ $0.slots == $0.tasks }) { break }
            demands = demands.map { $0.after(found) }
        }
        return ready.sorted { $0.key < $1.key }.flatMap(\.value)
    }
}

extension VideoTask {
    fileprivate func claimStep(at now: Timestamp, deadlineSeconds: Int) throws -> TaskStep {
        var after = self
        try after.claim(at: now, leaseMilliseconds: Self.submitLeaseMilliseconds, deadlineSeconds: deadlineSeconds)
        return TaskStep(before: self, after: after)
    }

    /// What the answer to a create means; nil stands for one that was not sent.
    fileprivate func step(
        _ outcome: SubmitOutcome?, _ schedule: PollSchedule, at now: Timestamp, jitterPermille: Int64
    ) throws -> TaskStep {
        var after = self
        guard let outcome else {
            try after.notAccepted(readyAt: now)
            let fault = ProviderFault(.transient, message: "not sent: the lease was nearly over")
            return TaskStep(before: self, after: after, effect: .notAccepted(fault), fence: .attempt)
        }
        let effect = try after.submitAnswered(outcome, schedule: schedule, at: now, jitterPermille: jitterPermille)
        return TaskStep(
            before: self, after: after, effect: effect.attempt, refusal: effect.refusal, fence: outcome.fence)
    }
}

extension SubmitOutcome {
    /// What the provider said is true however late it is heard; that nothing was heard tells the Reconciler nothing,
    /// once it has begun to look.
    fileprivate var fence: TaskStep.Fence {
        switch self {
        case .accepted, .notAccepted: .attempt
        case .unknown: .lease
        }
    }
}
