import Crypto
import Foundation
package import RushesCore

/// The secret of somebody who signs webhooks as the Standard Webhooks say; it is never shown.
package struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    /// The bytes that sign.
    let key: SymmetricKey

    /// How every secret begins.
    static let prefix = "whsec_"

    /// A secret from the bytes that sign.
    init(key: SymmetricKey) {
        self.key = key
    }

    /// A secret as it is given out, `whsec_` and base64; nil for anything else, or for less than 16 bytes.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let bytes = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            bytes.count >= 16
        else { return nil }
        self.init(key: SymmetricKey(data: bytes))
    }

    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A webhook as it arrived.
package struct StandardWebhook: Sendable {
    /// The sender's name of the message, from `webhook-id`.
    package let id: String
    /// When it was sent, in seconds since 1970, from `webhook-timestamp`.
    package let timestamp: String
    /// One or more signatures with spaces between them, from `webhook-signature`.
    package let signatures: String
    /// The bytes of the body, as they were signed.
    package let body: [UInt8]

    /// Seconds that its clock may differ from ours, either way: older messages could be sent again by anybody.
    package static let toleranceSeconds: Int64 = 300

    /// A webhook from its parts.
    package init(id: String, timestamp: String, signatures: String, body: [UInt8]) {
        self.id = id
        self.timestamp = timestamp
        self.signatures = signatures
        self.body = body
    }

    /// True when the holder of the secret has signed it a short while ago.
    package func isAuthentic(_ secret: WebhookSecret, at now: Timestamp) -> Bool {
        guard !id.isEmpty, let sentAt = Int64(timestamp), abs(now.seconds - sentAt) <= Self.toleranceSeconds else {
            return false
        }
        let signed = Self.signedBytes(id: id, timestamp: timestamp, body: body)
        // Several signatures stand there while the sender changes its secret; the comparison takes the same time
        // wherever they differ.
        return signatures.split(separator: " ").prefix(8).contains { text in
            // The length first: a comparison that ended with the shorter one would take an empty signature for good.
            guard text.hasPrefix("v1,"), let signature = Data(base64Encoded: String(text.dropFirst(3))),
                signature.count == SHA256.byteCount
            else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: secret.key)
        }
    }
}
