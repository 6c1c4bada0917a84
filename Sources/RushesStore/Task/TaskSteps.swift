package import RushesCore
package import RushesDatabase

/// What came of steps that were written.
package struct CommittedSteps: Sendable {
    /// For each step whether it won.
    package let won: [Bool]
    /// The tasks that ended by them, with the names of their models.
    package let ended: [(model: String, task: VideoTask)]
}

extension SQLTransaction {
    /// Writes what workers decided about tasks: the only way a task moves.
    ///
    /// Each step is a compare-and-swap; a step that lost writes nothing at all. Winners change their attempt, their
    /// batch's counts, their lane's slots, and bring their asset. Locks are taken in the order lane, provider account,
    /// batch, task, wallet, service level; a lane that gets no slot back and has nothing to be told is not locked at
    /// all.
    /// - Parameters:
    ///   - waiting: tasks of which only the next look moves, written in the same transaction.
    ///   - polls: what polls have shown of accounts, by name.
    /// - Throws: `DatabaseError`, or an illegal transition of a batch, which is a defect.
    package func commit(
        _ steps: [TaskStep], postponing waiting: [TaskStep] = [], polls: [String: PollTally] = [:], ids: any IDSource
    ) throws -> CommittedSteps {
        var lanes = try lockLanes(of: steps)
        var accounts = try lockAccounts(of: steps, polls)
        let batches = try lockBatches(of: steps)
        let won = Array(try swap(steps + waiting).prefix(steps.count))
        let winners = zip(steps, won).filter(\.1).map(\.0)
        try commitAttempts(of: winners, lanes: &lanes)
        hear(winners, polls, lanes: &lanes, accounts: &accounts)
        learn(from: winners, lanes: &lanes)
        try insert(winners.compactMap(\.asset))
        try move(batches, by: winners, ids: ids)
        try count(winners.map(\.after), of: batches)
        for lane in lanes.values.sorted(by: { $0.id < $1.id }) { try save(lane) }
        for account in accounts.values.sorted(by: { $0.name < $1.name }) { try save(account) }
        let ended = winners.filter { $0.movesBatch && $0.after.state.isTerminal }.map(\.after)
        return CommittedSteps(
            won: won, ended: ended.compactMap { task in batches[task.batch].map { ($0.model, task) } })
    }

    /// Dispatches waiting tasks of a locked lane and locked batches: attempts are written before any call is made. A
    /// task may have waited in another lane before its batch was sent this way.
    ///
    /// - Returns: the tasks that were claimed, as they are now.
    package func dispatch(
        _ steps: [TaskStep], of batches: [BatchID: Batch], on lane: inout Lane, ids: any IDSource
    ) throws -> [VideoTask] {
        let steps = steps.map { $0.on(lane.id) }
        let won = try compareAndSwap(steps)
        let winners = zip(steps, won).filter(\.1).map(\.0)
        try insert(winners.map { Attempt(submitting: $0.after, at: now) }, at: lane.price)
        try take(winners.reduce(into: [:]) { $0[$1.before.organization, default: 0] += 1 }, of: &lane)
        try move(batches, by: winners, ids: ids)
        return winners.map(\.after)
    }

    private func lockLanes(of steps: [TaskStep]) throws(DatabaseError) -> [LaneID: Lane] {
        var lanes: [LaneID: Lane] = [:]
        for id in Set(steps.filter(\.changesLane).map(\.before.lane)).sorted() { lanes[id] = try lockLane(id) }
        return lanes
    }

    /// The accounts that have something to be told: of failed calls, or of one that went through while they wait for
    /// that.
    private func lockAccounts(
        of steps: [TaskStep], _ polls: [String: PollTally]
    ) throws(DatabaseError) -> [String: ProviderAccount] {
        var names = Set(steps.filter { $0.createFault != nil }.map(\.before.lane.provider))
        names.formUnion(polls.filter { $0.value.failed > 0 && $0.value.answered == 0 }.keys)
        let answered = Set(steps.filter(\.isAccepted).map(\.before.lane.provider)).subtracting(names)
        let polled = Set(polls.filter { $0.value.answered > 0 }.keys).subtracting(names)
        for name in answered.union(polled).sorted() {
            // Looked at without a lock: a fault that comes meanwhile is forgotten by the next call that goes through.
            let breaker = try providerAccount(name).breaker
            let isNews = answered.contains(name) && breaker.isWatching
            if isNews || (polled.contains(name) && breaker.pollFaults > 0) { names.insert(name) }
        }
        var accounts: [String: ProviderAccount] = [:]
        for name in names.sorted() { accounts[name] = try lockProviderAccount(name) }
        return accounts
    }

    private func lockBatches(of steps: [TaskStep]) throws(DatabaseError) -> [BatchID: Batch] {
        try lockBatches(Set(steps.filter(\.movesBatch).map(\.before.batch)).sorted())
    }

    /// Compare-and-swap of all steps, after those that name a job which another attempt owns are set aside.
    private func swap(_ steps: [TaskStep]) throws(DatabaseError) -> [Bool] {
        let stolen = try stepsWithOwnedJobs(steps)
        if stolen.isEmpty { return try compareAndSwap(steps) }
        let kept = steps.indices.filter { !stolen.contains($0) }
        var won = Array(repeating: false, count: steps.count)
        for (index, result) in zip(kept, try compareAndSwap(kept.map { steps[$0] })) { won[index] = result }
        return won
    }

    private func stepsWithOwnedJobs(_ steps: [TaskStep]) throws(DatabaseError) -> Set<Int> {
        var jobs: [LaneID: [ProviderJobID]] = [:]
        for step in steps { if let job = step.newJob { jobs[step.before.lane, default: []].append(job) } }
        var found: Set<Int> = []
        for (lane, jobs) in jobs.sorted(by: { $0.key < $1.key }) {
            let owners = try owners(of: jobs, in: lane)
            var seen: Set<ProviderJobID> = []
            for (index, step) in steps.enumerated() where step.before.lane == lane {
                guard let job = step.newJob else { continue }
                let isNew = seen.insert(job).inserted
                let isOwn = owners[job].map { $0.task == step.before.id && $0.number == step.before.attempt } ?? true
                if !isNew || !isOwn { found.insert(index) }
            }
        }
        return found
    }

    private func commitAttempts(of winners: [TaskStep], lanes: inout [LaneID: Lane]) throws(DatabaseError) {
        let moves = winners.compactMap { step in step.effect.change(at: now).map { (step, $0) } }
        let changed = try update(moves.map { ($0.before.id, $0.before.attempt, $1) })
        var freed: [LaneID: [OrganizationID: Int]] = [:]
        for ((step, change), held) in zip(moves, changed) where held {
            if !change.holdsSlot { freed[step.before.lane, default: [:]][step.before.organization, default: 0] += 1 }
        }
        for (id, slots) in freed.sorted(by: { $0.key < $1.key }) {
            if var lane = lanes[id] {
                try giveBack(slots, to: &lane)
                lanes[id] = lane
            }
        }
    }

    /// Notes how long jobs took, on lanes that are locked and written anyway. A task's later generations have no age of
    /// their own.
    private func learn(from winners: [TaskStep], lanes: inout [LaneID: Lane]) {
        let finished = winners.filter { $0.effect == .completed && $0.before.generations == 1 }
        for (id, steps) in Dictionary(grouping: finished, by: \.before.lane) {
            var times = CompletionTimes(lanes[id]?.completionTimes)
            let schedule = PollSchedule(times: times)
            for step in steps where step.before.isScout || !times.isTelling {
                guard let dispatchedAt = step.before.dispatchedAt else { continue }
                times.record(milliseconds: schedule.likelyEnd(seenAt: now.milliseconds(since: dispatchedAt)))
            }
            lanes[id]?.completionTimes = times.text
        }
    }

    /// Tells accounts and lanes what the provider answered, and what it did not.
    private func hear(
        _ winners: [TaskStep], _ polls: [String: PollTally], lanes: inout [LaneID: Lane],
        accounts: inout [String: ProviderAccount]
    ) {
        for step in winners {
            let name = step.before.lane.provider
            if let fault = step.createFault {
                accounts[name]?.breaker.createFailed(fault, at: now)
            } else if step.isAccepted {
                accounts[name]?.breaker.createAnswered(at: now)
            }
            if let refusal = step.refusal {
                let breaker = accounts[name]?.breaker
                lanes[step.before.lane]?.refused(
                    refusal, faultsInRow: breaker?.faults ?? 0, brokenSince: breaker?.brokenSince, at: now)
            }
        }
        for (name, tally) in polls {
            accounts[name]?.breaker.polled(
                answered: tally.answered, failed: tally.failed, lastFault: tally.lastFault, at: now)
        }
    }

    /// Counts the winners in their batches; the events come last, since they take the wallets.
    private func move(_ batches: [BatchID: Batch], by winners: [TaskStep], ids: any IDSource) throws {
        var movements: [BatchID: BatchMovement] = [:]
        for step in winners where step.movesBatch {
            movements[step.before.batch, default: BatchMovement()].add(from: step.before.state, to: step.after.state)
        }
        let ends = ends(of: winners)
        var events: [OrganizationID: [Event]] = try taskEvents(of: ends)
        var moved: [Batch] = []
        var numbered: [(batch: BatchID, before: Int, tasks: [TaskID])] = []
        for (id, movement) in movements.sorted(by: { $0.key < $1.key }) {
            guard var batch = batches[id] else { throw DatabaseError(.decoding, "batch \(id) does not exist") }
            if let ended = ends[id] {
                numbered.append((id, batch.counts.succeeded + batch.counts.failed, ended.map(\.id)))
            }
            let news = try batch.move(movement, at: now)
            moved.append(batch)
            events[batch.organization, default: []].insert(
                contentsOf: news.map { Event($0, batch: id) }, at: 0)
        }
        try insert(ends: numbered)
        try save(moved)
        for (organization, events) in events.sorted(by: { $0.key < $1.key }) {
            try append(events, to: organization, ids: ids)
        }
    }

    private func ends(of winners: [TaskStep]) -> [BatchID: [VideoTask]] {
        let ended = winners.filter { $0.movesBatch && $0.after.state.isTerminal }.map(\.after)
        return Dictionary(grouping: ended, by: \.batch)
    }

    /// An event for each task that has ended, where an endpoint takes them.
    private func taskEvents(of ends: [BatchID: [VideoTask]]) throws(DatabaseError) -> [OrganizationID: [Event]] {
        let organizations = Set(ends.values.compactMap(\.first?.organization))
        guard !organizations.isEmpty else { return [:] }
        let wanting = try organizationsWantingTasks(among: organizations)
        var events: [OrganizationID: [Event]] = [:]
        for (batch, tasks) in ends.sorted(by: { $0.key < $1.key }) {
            for task in tasks where wanting.contains(task.organization) {
                let type: EventType = task.state == .succeeded ? .taskSucceeded : .taskFailed
                events[task.organization, default: []].append(
                    Event(type, batch: batch, task: task.id))
            }
        }
        return events
    }

    /// Writes a look at an abandoned attempt; a leak becomes an event.
    ///
    /// - Returns: false when somebody else looked meanwhile.
    package func commit(
        watched attempt: Attempt, _ change: AttemptChange, organization: OrganizationID, batch: BatchID,
        ids: any IDSource
    ) throws -> Bool {
        let lane = try lockLane(attempt.lane)
        guard try updateWatched(attempt, change) else { return false }
        if attempt.holdsSlot && !change.holdsSlot, var lane {
            try giveBack([organization: 1], to: &lane)
            try save(lane)
        }
        if change.outcome == .leaked {
            let event = Event(
                .taskLeaked, batch: batch, task: attempt.task, data: ["attempt": String(attempt.number)])
            try append([event], to: organization, ids: ids)
        }
        return true
    }

    /// The owner and batch of a task, for what concerns its attempts.
    package func place(of task: TaskID) throws(DatabaseError) -> (organization: OrganizationID, batch: BatchID)? {
        let rows = try query("SELECT organization_id, batch_id FROM task WHERE id = $1", [.text(task.rawValue)])
        guard let row = rows.first else { return nil }
        return (try row.id(0, OrganizationIdentity.self), try row.id(1, BatchIdentity.self))
    }
}

extension TaskStep {
    /// True when the batch counts the task elsewhere afterwards.
    fileprivate var movesBatch: Bool { before.state.group != after.state.group }

    /// True when the lane may get a slot back, or hears of a refusal.
    fileprivate var changesLane: Bool {
        switch effect {
        case .notAccepted, .completed, .failed, .notFound: true
        case .none, .running, .unknown, .abandoned: refusal != nil
        }
    }

    /// The provider's job that the step brings.
    fileprivate var newJob: ProviderJobID? {
        if case .running(let job) = effect { job } else { nil }
    }

    fileprivate var isAccepted: Bool { newJob != nil }
}
