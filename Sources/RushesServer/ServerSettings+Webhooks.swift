import Configuration
import Foundation
import RushesEngine

extension ServerSettings {
    /// The secrets of the accounts whose webhooks are taken: `RUSHES_OPENAI_WEBHOOK_SECRET`, or `..._SECRET_FILE`
    /// with a file that holds it; for every other account likewise.
    static func readWebhookSecrets(
        of accounts: [String], _ reader: ConfigReader
    ) throws(InvalidSetting) -> [String: WebhookSecret] {
        var secrets: [String: WebhookSecret] = [:]
        for account in accounts { secrets[account] = try webhookSecret(of: account, reader) }
        return secrets
    }

    private static func webhookSecret(
        of account: String, _ reader: ConfigReader
    ) throws(InvalidSetting) -> WebhookSecret? {
        let scope = reader.scoped(to: ConfigKey([account]))
        let name = "RUSHES_\(account.uppercased().replacing("-", with: "_"))_WEBHOOK_SECRET"
        guard let text = try scope.secret(forKey: "webhookSecret", name: name) else { return nil }
        guard let secret = WebhookSecret(text) else {
            throw InvalidSetting(name: name, reason: "whsec_ and at least 16 bytes in base64")
        }
        return secret
    }
}
