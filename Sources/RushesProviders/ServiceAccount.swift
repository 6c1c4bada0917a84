import CryptoExtras

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// The key of a Google service account, as Google hands it out in a JSON file.
package struct ServiceAccount: Sendable, Equatable {
    /// The account's name.
    package let email: String
    /// Where access tokens are made out.
    package let tokenURL: String
    /// The project that the account belongs to, if the file says so.
    package let project: String?
    let keyID: String?
    let privateKey: Secret

    /// Why a file is no key of a service account; its content is never told.
    package struct Unreadable: Error, CustomStringConvertible {
        /// What is wrong.
        package let reason: String
        package var description: String { reason }
    }

    private struct File: Decodable {
        let email: String
        let privateKey: String
        let keyID: String?
        let tokenURL: String?
        let project: String?

        private enum CodingKeys: String, CodingKey {
            case email = "client_email"
            case privateKey = "private_key"
            case keyID = "private_key_id"
            case tokenURL = "token_uri"
            case project = "project_id"
        }
    }

    /// Reads Google's JSON; `tokenURL` replaces the one in it.
    ///
    /// - Throws: `Unreadable`.
    package init(json: Data, tokenURL: String? = nil) throws(Unreadable) {
        guard let file = try? JSONDecoder().decode(File.self, from: json) else {
            throw Unreadable(reason: "is no JSON key of a service account (client_email, private_key)")
        }
        guard (try? _RSA.Signing.PrivateKey(pemRepresentation: file.privateKey)) != nil else {
            throw Unreadable(reason: "has no RSA key of 2,048 bits or more in private_key")
        }
        email = file.email
        privateKey = Secret(file.privateKey)
        keyID = file.keyID
        project = file.project
        self.tokenURL = tokenURL ?? file.tokenURL ?? "https://oauth2.googleapis.com/token"
    }

    private struct Head: Encodable {
        let alg = "RS256"
        let typ = "JWT"
        let kid: String?

        private enum CodingKeys: String, CodingKey {
            case alg, typ, kid
        }
    }

    private struct Claims: Encodable {
        let iss: String
        let scope = "https://www.googleapis.com/auth/cloud-platform"
        let aud: String
        let iat: Int64
        let exp: Int64

        private enum CodingKeys: String, CodingKey {
            case iss, scope, aud, iat, exp
        }
    }

    /// The signed statement (RFC 7523) that is exchanged for an access token; it holds for one hour.
    ///
    /// - Throws: what the encoder or BoringSSL throws.
    func assertion(atSeconds now: Int64) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let head = Base64URL.text(try encoder.encode(Head(kid: keyID)))
        let claims = Claims(iss: email, aud: tokenURL, iat: now, exp: now + 3_600)
        let signed = head + "." + Base64URL.text(try encoder.encode(claims))
        let key = try _RSA.Signing.PrivateKey(pemRepresentation: privateKey.reveal())
        let signature = try key.signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5)
        return signed + "." + Base64URL.text(signature.rawRepresentation)
    }
}

/// Base64 for addresses and headers (RFC 4648 section 5), without padding.
enum Base64URL {
    static func text(_ bytes: Data) -> String {
        var text = bytes.base64EncodedString()
        text.replace("+", with: "-")
        text.replace("/", with: "_")
        text.replace("=", with: "")
        return text
    }
}
