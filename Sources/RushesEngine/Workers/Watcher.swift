import RushesCore
import RushesDatabase
import RushesStore

/// Looks at jobs that nobody waits for any more: frees their slots and records what the provider made after a refund.
package struct Watcher: Worker {
    package let name = "watcher"
    private let engine: Engine

    /// A Watcher of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let engine = engine
        let attempts = try await engine.database.read { reader in
            try reader.watchedAttempts(limit: Limits.tasksPerPollStepMax)
        }
        try await FanOut(width: engine.fanOutWidth, environment: engine.environment).run(attempts) { attempt in
            await Self.look(at: attempt, engine)
        } flush: { looks in
            try await commit(looks)
        }
        return attempts.count
    }

    private static func look(at attempt: Attempt, _ engine: Engine) async -> (Attempt, PollOutcome?) {
        guard let job = attempt.job, let provider = engine.providers.provider(for: attempt.lane) else {
            return (attempt, nil)
        }
        return (attempt, await provider.poll(job))
    }

    private func commit(_ looks: [(Attempt, PollOutcome?)]) async throws {
        // A transaction for each lane: its lock comes before those of the wallets, which events take.
        for (_, looks) in Dictionary(grouping: looks, by: \.0.lane).sorted(by: { $0.key < $1.key }) {
            let ids = engine.environment.ids
            try await engine.database.write { transaction in try transaction.commit(looks, ids: ids) }
        }
        engine.signals.dispatcher.wake()
    }
}

extension SQLTransaction {
    /// Writes looks at attempts of one lane, in the order of their owners.
    fileprivate func commit(_ looks: [(Attempt, PollOutcome?)], ids: any IDSource) throws {
        let placed = try looks.compactMap { attempt, answer in
            try place(of: attempt.task).map { (attempt, answer, $0) }
        }
        for (attempt, answer, place) in placed.sorted(by: { $0.2.organization < $1.2.organization }) {
            _ = try commit(
                watched: attempt, attempt.watched(answer, at: now), organization: place.organization,
                batch: place.batch, ids: ids)
        }
    }
}
