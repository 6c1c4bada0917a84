package import RushesCore
import RushesDatabase
package import RushesStore

/// Who asks, and the videos that they may read.
package struct AccessService: Sendable {
    let engine: Engine
    private let remembered = RememberedKeys()

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// The key behind a secret; nil when there is none or it was revoked more than
    /// `Limits.apiKeyRememberedMilliseconds` ago.
    ///
    /// Secrets are random enough that their SHA-256 is looked up as it is: a guess reveals nothing by its time.
    /// - Throws: `DatabaseError`.
    package func authenticate(_ secret: String) async throws -> APIKey? {
        guard secret.hasPrefix(APIKeySecret.prefix), secret.utf8.count <= 128 else { return nil }
        let hash = sha256Hex(Array(secret.utf8))
        let now = engine.environment.now()
        if let key = remembered.key(secretHash: hash, at: now) { return key }
        let found = try await engine.database.read { reader in try reader.apiKey(secretHash: hash) }
        if let found { remembered.remember(found, secretHash: hash, at: now) }
        return found
    }

    /// A stored video.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func asset(_ id: AssetID, of organization: OrganizationID) async throws -> Asset {
        try await engine.database.read { reader in
            guard let asset = try reader.asset(id, of: organization) else { throw Refusal.notFound }
            return asset
        }
    }

    /// Reads a range of a video's bytes in chunks.
    ///
    /// - Throws: `BlobError`, or what `consume` throws.
    package func read(_ asset: Asset, range: Range<Int64>, consume: ([UInt8]) async throws -> Void) async throws {
        try await engine.blobs.read(BlobKey(asset.blobKey), range: range, consume: consume)
    }
}

/// The secret of an API key: shown once, kept only as its SHA-256.
package struct APIKeySecret: Sendable {
    /// How every secret begins.
    package static let prefix = "rsh_"
    /// The secret, with its prefix.
    package let text: String

    /// A new secret of 256 random bits in base 62.
    package init(_ random: any RandomSource) {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var characters: [UInt8] = []
        // Six bits of a word name a character; the two values that name none are drawn again.
        while characters.count < 43 {
            var word = random.next()
            for _ in 0..<10 where characters.count < 43 {
                if word & 63 < 62 { characters.append(alphabet[Int(word & 63)]) }
                word >>= 6
            }
        }
        text = Self.prefix + "live_" + String(decoding: characters, as: UTF8.self)
    }

    /// What the database keeps.
    package var hash: String { sha256Hex(Array(text.utf8)) }
}
