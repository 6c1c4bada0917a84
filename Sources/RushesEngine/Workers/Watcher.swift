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
        let engine = engine
        try await engine.database.write { transaction in
            for (attempt, answer) in looks.sorted(by: { $0.0.lane < $1.0.lane }) {
                guard let place = try transaction.place(of: attempt.task) else { continue }
                let change = attempt.watched(answer, at: transaction.now)
                _ = try transaction.commit(
                    watched: attempt, change, organization: place.organization, batch: place.batch,
                    ids: engine.environment.ids)
            }
        }
        engine.signals.dispatcher.wake()
    }
}
