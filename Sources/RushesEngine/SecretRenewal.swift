import RushesCore
import RushesDatabase
import RushesStore

/// Seals the secrets of webhooks again that an older key has sealed, so that an operator can take the older key away.
package struct SecretRenewal: Sendable {
    private let engine: Engine
    private let tools: WebhookTools
    private static let secretsPerStep = 200

    /// What became of the secrets that the newest key had not sealed.
    package struct Outcome: Sendable, Equatable {
        /// Sealed with the newest key now.
        package fileprivate(set) var renewed: Int
        /// Sealed with a key that is not here, or not authentic: they are left as they are.
        package fileprivate(set) var unreadable: Int

        /// Counts from their parts.
        package init(renewed: Int = 0, unreadable: Int = 0) {
            self.renewed = renewed
            self.unreadable = unreadable
        }
    }

    /// The renewal over an engine.
    package init(_ engine: Engine, _ tools: WebhookTools) {
        self.engine = engine
        self.tools = tools
    }

    /// Goes through all secrets once, some hundred in each transaction; what is up to date is only read.
    ///
    /// - Throws: `DatabaseError`, `SecretSealError` when the system's cryptography fails.
    package func run() async throws -> Outcome {
        var outcome = Outcome()
        var last: WebhookSecretID?
        while true {
            let place = last
            let page = try await tools.database.read { reader in
                try reader.webhookSecrets(after: place, limit: Self.secretsPerStep)
            }
            try await renew(page.filter { tools.seal.isOutdated($0.sealed) }, &outcome)
            guard page.count == Self.secretsPerStep, let end = page.last else { return outcome }
            last = end.id
        }
    }

    private func renew(_ outdated: [SealedWebhookSecret], _ outcome: inout Outcome) async throws {
        var steps: [(secret: SealedWebhookSecret, sealed: String)] = []
        for secret in outdated {
            guard let text = try? tools.seal.open(secret.sealed, for: secret.endpoint.rawValue) else {
                outcome.unreadable += 1
                continue
            }
            let sealed = try tools.seal.seal(text, for: secret.endpoint.rawValue, engine.environment.random)
            steps.append((secret, sealed))
        }
        if steps.isEmpty { return }
        let renewed = steps
        outcome.renewed += try await tools.database.writeByKey { transaction in try transaction.seal(again: renewed) }
    }
}
