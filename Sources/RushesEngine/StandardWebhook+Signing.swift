import Crypto
import Foundation
package import RushesCore

extension WebhookSecret {
    /// Bytes of a new secret.
    private static let byteCount = 32

    /// A new secret of 256 random bits.
    package init(_ random: any RandomSource) {
        self.init(key: SymmetricKey(data: random.bytes(Self.byteCount)))
    }

    /// The secret as its owner is shown it once: `whsec_` and base64. Nothing else shows it.
    package var text: String {
        Self.prefix + key.withUnsafeBytes { Data($0) }.base64EncodedString()
    }
}

extension StandardWebhook {
    /// The value of `webhook-signature` for a message that is sent at `timestamp`.
    ///
    /// One signature for each secret, in their order, with spaces between them: while a secret is being changed, who
    /// knows the old one and who knows the new one both find theirs.
    package static func sign(id: String, timestamp: Timestamp, body: [UInt8], secrets: [WebhookSecret]) -> String {
        // A dot would let the same bytes be read as another message.
        precondition(!id.contains("."), "an identifier of a message has no dot")
        let signed = signedBytes(id: id, timestamp: String(timestamp.seconds), body: body)
        return secrets.map { secret in
            "v1," + Data(HMAC<SHA256>.authenticationCode(for: signed, using: secret.key)).base64EncodedString()
        }.joined(separator: " ")
    }

    /// What a signature is made of.
    static func signedBytes(id: String, timestamp: String, body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }
}

extension RandomSource {
    /// Random bytes, a whole number of words of them or the first bytes of the last word.
    package func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let word = next()
            bytes += (0..<min(8, count - bytes.count)).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        return bytes
    }
}
