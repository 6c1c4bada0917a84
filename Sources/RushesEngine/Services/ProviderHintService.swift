import Logging
package import RushesCore
import RushesDatabase
import RushesStore

/// What providers tell by themselves: hints that a job may have ended, of which each only brings its next look forward.
///
/// The look decides; so a hint may be lost, come twice, come late or be forged, and nothing is charged by it.
package struct ProviderHintService: Sendable {
    private let engine: Engine
    private let secrets: [String: WebhookSecret]

    /// The service of an engine, with the secrets of the accounts whose webhooks are taken.
    package init(_ engine: Engine, secrets: [String: WebhookSecret]) {
        self.engine = engine
        self.secrets = secrets
    }

    /// Whether a webhook comes from the account that it names.
    package enum Verdict: Sendable, Equatable {
        case authentic
        case forged
        /// The account has no secret here, so none of its webhooks is taken.
        case unknownAccount
    }

    /// Looks at the signature and the age of a webhook.
    package func verdict(on webhook: StandardWebhook, of account: String) -> Verdict {
        guard let secret = secrets[account] else { return .unknownAccount }
        return webhook.isAuthentic(secret, at: engine.environment.now()) ? .authentic : .forged
    }

    /// Lets a job be looked at now, also one that nobody waits for any more and whose slot is still held; a job at
    /// which nobody looks changes nothing.
    ///
    /// - Throws: `DatabaseError`.
    package func mayHaveEnded(_ job: ProviderJobID, of account: String) async throws {
        guard job.rawValue.utf8.count <= 512 else { return }
        let owner = try await engine.database.read { reader in try reader.owner(of: job, at: account) }
        guard let owner else { return }
        let look = try await engine.database.writeByKey { transaction in
            try transaction.lookNow(at: job, of: owner.task, attempt: owner.number)
        }
        switch look {
        case .poll: engine.signals.poller.wake()
        case .watch: engine.signals.watcher.wake()
        case nil: break
        }
    }
}
