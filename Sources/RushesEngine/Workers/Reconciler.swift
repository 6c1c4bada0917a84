import Logging
import Metrics
import RushesCore
import RushesDatabase
import RushesStore

/// Finds out what became of creates with an unknown outcome, by the provider's listing, before anything is repeated.
package struct Reconciler: Worker {
    package let name = "reconciler"
    private let engine: Engine
    private static let leaseMilliseconds: Int64 = 30_000
    private static let clockToleranceMilliseconds: Int64 = 5_000

    /// A Reconciler of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let tasks = try await engine.claimDueTasks(
            in: .submitting, limit: Limits.tasksPerClaimMax, leaseMilliseconds: Self.leaseMilliseconds
        ).tasks
        for (lane, tasks) in Dictionary(grouping: tasks, by: \.lane).sorted(by: { $0.key < $1.key }) {
            try await reconcile(tasks, on: lane)
        }
        return tasks.count
    }

    private func reconcile(_ tasks: [VideoTask], on lane: LaneID) async throws {
        let engine = engine
        let provider = engine.providers.provider(for: lane)
        let listed = await listing(for: tasks, of: provider, on: lane)
        let lag = provider?.listingLagMilliseconds ?? 0
        let (steps, committed) = try await engine.database.write { transaction in
            let book = try engine.catalogues.current(transaction)
            var taken: Set<ProviderJobID> = []
            var steps: [TaskStep] = []
            for task in tasks {
                let finding = try transaction.finding(for: task, in: listed, lag: lag, taken: &taken)
                steps.append(try task.reconciled(finding, book: book, batchOf: transaction))
            }
            let waiting = steps.filter { $0.after.state == .submitting }
            let moving = steps.filter { $0.after.state != .submitting }
            return (steps, try transaction.commit(moving, postponing: waiting, ids: engine.environment.ids))
        }
        engine.measure(committed)
        report(steps)
        engine.signals.poller.wake()
        engine.signals.dispatcher.wake()
    }

    /// The provider's jobs since the earliest of the attempts: none where there is no listing, so that the cost policy
    /// decides; nil when it could not be asked.
    private func listing(
        for tasks: [VideoTask], of provider: (any VideoProvider)?, on lane: LaneID
    ) async -> [ListedJob]? {
        guard let provider else { return nil }
        guard let earliest = tasks.map({ $0.dispatchedAt ?? $0.createdAt }).min() else { return nil }
        let since = earliest.adding(milliseconds: -Self.clockToleranceMilliseconds)
        do {
            let listed = try await provider.list(since: since)
            engine.report(nameless: listed.count { $0.id == nil }, on: lane)
            return listed
        } catch {
            engine.logger.warning(
                "provider could not be asked for its jobs",
                metadata: ["lane": "\(lane)", "fault": "\(error.fault.class.rawValue): \(error.fault.message)"])
            return error.fault.class == .permanentRequest ? [] : nil
        }
    }

    private func report(_ steps: [TaskStep]) {
        for step in steps {
            engine.logger.info(
                "unknown create was looked up",
                metadata: ["task.id": "\(step.before.id)", "now": "\(step.after.state.rawValue)"])
        }
    }
}

extension Engine {
    /// Tells of listed jobs that nobody can ask for.
    fileprivate func report(nameless count: Int, on lane: LaneID) {
        if count == 0 { return }
        Counter(label: "rushes_provider_nameless_jobs_total", dimensions: [("lane", lane.rawValue)])
            .increment(by: Int64(count))
        logger.warning(
            "provider lists jobs without a usable name", metadata: ["lane": "\(lane)", "jobs": "\(count)"])
    }
}

extension VideoTask {
    fileprivate func reconciled(
        _ finding: ReconcileFinding, book: PriceBook, batchOf transaction: any SQLTransaction
    ) throws -> TaskStep {
        let batch = try transaction.batch(batch, of: organization)
        let policy = batch.flatMap { book.catalogue.model($0.model) }?.unknownCreatePolicy ?? .fail
        var after = self
        let effect = try after.reconciled(finding, policy: policy, at: transaction.now)
        return TaskStep(before: self, after: after, effect: effect)
    }
}

extension SQLTransaction {
    /// The oldest listed job that matches a task's present attempt and that nobody owns.
    fileprivate func finding(
        for task: VideoTask, in listed: [ListedJob]?, lag: Int64, taken: inout Set<ProviderJobID>
    ) throws -> ReconcileFinding {
        guard let listed, let attempt = try attempt(task.attempt, of: task.id) else { return .inconclusive }
        let matching = ReconcileMatch.candidates(for: task, startedAt: attempt.startedAt, among: listed)
        let owners = try owners(of: matching.compactMap(\.id), in: task.lane)
        let free = matching.filter { job in job.id.map { !taken.contains($0) && owners[$0] == nil } ?? true }
        if free.isEmpty {
            return attempt.startedAt.adding(milliseconds: lag) > now ? .inconclusive : .none
        }
        if try hasTwinUnderWay(task) { return .inconclusive }
        // A job without a name may be this task's: then the deadline ends it, and nothing is made a second time.
        guard let job = ReconcileMatch.choice(among: free), let id = job.id,
            try job.isTold || !mayBeAnothers(job, than: task)
        else { return .inconclusive }
        taken.insert(id)
        return .found(id)
    }
}
