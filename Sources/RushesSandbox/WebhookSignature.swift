import Crypto
import Foundation

/// The signature of Standard Webhooks, as OpenAI signs its events: `v1,` and a code of identifier, time and body.
struct WebhookSignature: Sendable {
    private let key: SymmetricKey

    /// Takes `whsec_` and base64; nil when the text is something else.
    init?(secret: String) {
        guard secret.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(secret.dropFirst("whsec_".count))),
            bytes.count >= 16
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The value of `webhook-signature`.
    func sign(id: String, seconds: Int64, body: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(seconds).\(body)".utf8), using: key)
        return "v1," + Data(code).base64EncodedString()
    }
}
