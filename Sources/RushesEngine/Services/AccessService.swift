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

    /// A stored video with the images that it has.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func assetWithImages(
        _ id: AssetID, of organization: OrganizationID
    ) async throws -> (asset: Asset, images: [AssetImage]) {
        try await engine.database.read { reader in
            guard let asset = try reader.asset(id, of: organization) else { throw Refusal.notFound }
            return (asset, try reader.images(of: [id])[id] ?? [])
        }
    }

    /// The bytes of a stored video, or of one of its images: who may read the one may read the other.
    ///
    /// - Throws: `Refusal.notFound`, also for an image that there is not (yet), `DatabaseError`.
    package func content(
        of id: AssetID, _ kind: AssetImage.Kind?, for organization: OrganizationID
    ) async throws -> AssetContent {
        guard let kind else { return AssetContent(try await asset(id, of: organization)) }
        let images = try await assetWithImages(id, of: organization).images
        guard let image = images.first(where: { $0.kind == kind }) else { throw Refusal.notFound }
        return AssetContent(image)
    }

    /// Reads a range of a content's bytes in chunks.
    ///
    /// - Throws: `BlobError`, or what `consume` throws.
    package func read(
        _ content: AssetContent, range: Range<Int64>, consume: ([UInt8]) async throws -> Void
    ) async throws {
        try await engine.blobs.read(BlobKey(content.blobKey), range: range, consume: consume)
    }
}

/// Bytes that may be read, and what they are.
package struct AssetContent: Sendable {
    let blobKey: String
    /// The media type.
    package let contentType: String
    /// The name under which a reader may save it.
    package let fileName: String
    /// Length in bytes.
    package let bytes: Int64
    /// SHA-256 in lower-case hexadecimal.
    package let sha256: String

    init(_ asset: Asset) {
        blobKey = asset.blobKey
        contentType = "video/mp4"
        fileName = "\(asset.id).mp4"
        bytes = asset.bytes
        sha256 = asset.sha256
    }

    init(_ image: AssetImage) {
        blobKey = image.blobKey
        contentType = image.format.contentType
        fileName = "\(image.asset)-\(image.kind.rawValue).\(image.format.fileExtension)"
        bytes = image.bytes
        sha256 = image.sha256
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
