import CryptoExtras
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// The service account of this sandbox and the access tokens that it has been given.
final class AccessTokenBook: Sendable {
    /// Google's JSON key, as the sandbox writes it to `service-account.json`.
    struct KeyFile: Codable, Sendable {
        var type = "service_account"
        var projectID = "sandbox"
        let privateKeyID: String
        let privateKey: String
        var email = "rushes@sandbox.iam.gserviceaccount.com"
        var tokenURL: String

        private enum CodingKeys: String, CodingKey {
            case type
            case projectID = "project_id"
            case privateKeyID = "private_key_id"
            case privateKey = "private_key"
            case email = "client_email"
            case tokenURL = "token_uri"
        }
    }

    static let fileName = "service-account.json"
    private let path: String
    private let file: KeyFile
    private let key: _RSA.Signing.PublicKey
    private let ends = Mutex<[String: UnixMilliseconds]>([:])

    /// Reads the key of the folder, or makes one; a 2,048-bit key takes a moment.
    init(directory: String) throws {
        path = directory + "/" + Self.fileName
        if let bytes = FileManager.default.contents(atPath: path) {
            file = try JSONDecoder().decode(KeyFile.self, from: bytes)
        } else {
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            file = KeyFile(
                privateKeyID: RandomHex.digits(40), privateKey: key.pemRepresentation,
                tokenURL: "http://127.0.0.1/token")
        }
        key = try _RSA.Signing.PrivateKey(pemRepresentation: file.privateKey).publicKey
    }

    /// Writes the key with the address of this sandbox's token endpoint, for clients to use.
    func publish(baseURL: String) throws {
        var file = file
        file.tokenURL = baseURL + "/token"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(file).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// True while a token holds.
    func isValid(_ token: some StringProtocol, at now: UnixMilliseconds) -> Bool {
        ends.withLock { ends in ends[String(token)].map { now < $0 } ?? false }
    }

    /// Ends every token at once.
    func revokeAll() {
        ends.withLock { $0 = [:] }
    }

    /// A new token for a signed statement; throws `TokenRefusal`.
    func exchange(_ assertion: String, at now: UnixMilliseconds) throws -> String {
        let parts = assertion.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Self.bytes(parts[2]) else {
            throw TokenRefusal(message: "Invalid JWT: it must have three parts.")
        }
        let isSigned = key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: Data("\(parts[0]).\(parts[1])".utf8),
            padding: .insecurePKCS1v1_5)
        guard isSigned else { throw TokenRefusal(message: "Invalid JWT Signature.") }
        guard let bytes = Self.bytes(parts[1]), let claims = try? JSONDecoder().decode(Claims.self, from: bytes) else {
            throw TokenRefusal(message: "Invalid JWT: the claims cannot be read.")
        }
        guard claims.iss == file.email, claims.aud.hasSuffix("/token") else {
            throw TokenRefusal(message: "Invalid issuer or audience.")
        }
        guard claims.iat * 1000 <= now + 60_000, claims.exp * 1000 > now, claims.exp - claims.iat <= 3_600 else {
            throw TokenRefusal(message: "Invalid JWT: it must be a short-lived token.")
        }
        let token = "ya29.sandbox." + RandomHex.digits(32)
        ends.withLock { $0[token] = now + SandboxLimits.tokenLifetimeMilliseconds }
        return token
    }

    private struct Claims: Decodable {
        let iss: String
        let aud: String
        let iat: Int64
        let exp: Int64
    }

    private static func bytes(_ text: Substring) -> Data? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}

/// `POST /token`: a signed statement for an access token (RFC 7523).
struct TokenRoutes: Sendable {
    let sandbox: Sandbox

    private struct Answer: Encodable {
        let token: String
        let expiresIn = SandboxLimits.tokenLifetimeMilliseconds / 1000
        let type = "Bearer"

        private enum CodingKeys: String, CodingKey {
            case token = "access_token"
            case expiresIn = "expires_in"
            case type = "token_type"
        }
    }

    func add(to group: RouterGroup<SandboxContext>) {
        group.post("token") { request, _ in
            let body = String(buffer: try await request.body.collect(upTo: 65_536))
            let fields = body.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
            guard let assertion = fields.first(where: { $0.first == "assertion" })?.last, let tokens = sandbox.tokens
            else { throw TokenRefusal(message: "There is no assertion.") }
            sandbox.count(.token)
            let token = try tokens.exchange(String(assertion), at: sandbox.clock.now())
            return try Response.json(Answer(token: token))
        }
    }
}
