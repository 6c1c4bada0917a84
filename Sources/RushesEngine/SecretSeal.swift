import Crypto
import Foundation
package import RushesCore

/// Keeps secrets in the database so that the database alone does not give them away: AES-256-GCM with a key that only
/// the server's process has.
///
/// A sealed secret belongs to one owner, whose identifier is authenticated with it: a row that is copied to another
/// owner cannot be opened there. Several keys may open, so that a key can be replaced; the newest one seals.
package struct SecretSeal: Sendable {
    private let keys: [SecretSealKey]

    /// A seal with its keys, the newest first; nil when there is none.
    package init?(_ keys: [SecretSealKey]) {
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// Reads keys as a file has them, one to a line with the newest first; empty lines and lines that begin with `#`
    /// are passed over.
    ///
    /// Throws `SecretSealError.unreadableKey` with the number of the line.
    package init(lines text: String) throws(SecretSealError) {
        var keys: [SecretSealKey] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let key = SecretSealKey(line) else { throw .unreadableKey(line: index + 1) }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw .noKey }
        self.keys = keys
    }

    /// The identifier of the key that seals.
    package var newestKeyID: String { keys[0].id }

    /// True when a sealed text should be sealed again, since a newer key is there.
    package func isOutdated(_ sealed: String) -> Bool { !sealed.hasPrefix("v1.\(newestKeyID).") }

    /// The sealed form of a secret: `v1.`, the key's identifier, `.`, and nonce, ciphertext and tag in base64.
    ///
    /// Throws `SecretSealError.cryptography` if the system's cryptography fails.
    package func seal(_ secret: String, for owner: String, _ random: any RandomSource) throws(SecretSealError) -> String
    {
        do {
            let nonce = try AES.GCM.Nonce(data: random.bytes(12))
            let box = try AES.GCM.seal(
                Array(secret.utf8), using: keys[0].key, nonce: nonce, authenticating: Array(owner.utf8))
            let bytes = Data(nonce) + box.ciphertext + box.tag
            return "v1.\(newestKeyID).\(bytes.base64EncodedString())"
        } catch {
            throw .cryptography("\(error)")
        }
    }

    /// The secret that was sealed for the owner.
    ///
    /// Throws `SecretSealError`: the text is none of `seal`, its key is not here, or it was changed or belongs to
    /// somebody else.
    package func open(_ sealed: String, for owner: String) throws(SecretSealError) -> String {
        let parts = sealed.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "v1", let bytes = Data(base64Encoded: String(parts[2])),
            let box = try? AES.GCM.SealedBox(combined: bytes)
        else { throw .malformed }
        guard let key = keys.first(where: { $0.id == parts[1] }) else { throw .unknownKey(id: String(parts[1])) }
        guard let opened = try? AES.GCM.open(box, using: key.key, authenticating: Array(owner.utf8)) else {
            throw .notAuthentic
        }
        return String(decoding: opened, as: UTF8.self)
    }
}

/// A key that seals secrets; it is never shown.
package struct SecretSealKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// What names it beside what it has sealed: the first 8 digits of its SHA-256.
    package let id: String
    fileprivate let key: SymmetricKey

    /// A key from base64 of its 32 bytes, as `openssl rand -base64 32` writes it; nil for anything else.
    package init?(_ text: String) {
        guard let bytes = Data(base64Encoded: text), bytes.count == 32 else { return nil }
        id = Array(SHA256.hash(data: bytes).prefix(4)).hexadecimal
        key = SymmetricKey(data: bytes)
    }

    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a secret was neither sealed nor opened.
package enum SecretSealError: Error, Hashable, Sendable {
    /// The line of a file of keys is not base64 of 32 bytes.
    case unreadableKey(line: Int)
    /// The file has no key.
    case noKey
    /// The text was not made by `SecretSeal`.
    case malformed
    /// The key that sealed it is not among ours.
    case unknownKey(id: String)
    /// It was changed, or sealed for another owner.
    case notAuthentic
    /// The system's cryptography failed.
    case cryptography(String)
}
