/// Where video bytes are kept; every implementation passes `BlobStoreConformance`.
package protocol BlobStore: Sendable {
    /// Writes a blob: bytes are handed to the sink by `produce`, hashed on the way and made
    /// durable (fsync, rename, fsync of the folder) before the answer. A repeated write of the same key replaces it.
    ///
    /// - Throws: what `produce` throws, or `BlobError`; then nothing is left under the key.
    func write(
        _ key: BlobKey,
        produce: (_ sink: any BlobSink) async throws -> Void
    ) async throws -> StoredBlob

    /// The length in bytes, or nil when there is no such blob.
    ///
    /// - Throws: `BlobError`.
    func length(of key: BlobKey) async throws -> Int64?

    /// Reads a range of a blob in chunks of at most `Limits.blobChunkBytes`.
    ///
    /// - Throws: `BlobError`, or what `consume` throws.
    func read(_ key: BlobKey, range: Range<Int64>, consume: ([UInt8]) async throws -> Void) async throws

    /// Removes a blob; one that does not exist is no error.
    ///
    /// - Throws: `BlobError`.
    func delete(_ key: BlobKey) async throws

    /// Throws `BlobError` when a blob could not be written now; for readiness.
    func checkWritable() async throws

    /// The file of a blob, for programs that read files; nil where blobs are no files of this machine.
    func localPath(of key: BlobKey) -> String?
}

/// Takes the bytes of a blob being written.
package protocol BlobSink: Sendable {
    /// Appends bytes.
    ///
    /// - Throws: `BlobError` (`kind` `tooLarge`, `full`, `failed`).
    func append(_ bytes: [UInt8]) async throws

    /// The file that holds what was appended so far, for programs that read files; nil where there is none.
    var localPath: String? { get }
}

extension BlobStore {
    /// Blobs are no files.
    package func localPath(of key: BlobKey) -> String? { nil }
}

extension BlobSink {
    /// There is no file.
    package var localPath: String? { nil }
}

/// The name of a blob; made by the program from identifiers, never from a user's text.
package struct BlobKey: Hashable, Sendable, CustomStringConvertible {
    /// Parts of lower-case letters, digits, `_`, `-` and `.`, joined by `/`.
    package let rawValue: String

    /// A key; traps on characters that a key cannot have.
    package init(_ rawValue: String) {
        let allowed = rawValue.utf8.allSatisfy { byte in
            (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
                || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
        precondition(allowed && !rawValue.isEmpty && !rawValue.hasPrefix("/") && !rawValue.contains(".."), "a blob key")
        self.rawValue = rawValue
    }

    package var description: String { rawValue }
}

/// A blob that is durable.
package struct StoredBlob: Hashable, Sendable {
    /// Its name.
    package let key: BlobKey
    /// Length in bytes.
    package let bytes: Int64
    /// SHA-256 of the content, in lower-case hexadecimal.
    package let sha256: String

    /// A stored blob from its parts.
    package init(key: BlobKey, bytes: Int64, sha256: String) {
        self.key = key
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// What went wrong at the blob store.
package struct BlobError: Error, Sendable, Equatable {
    /// The kinds that callers tell apart.
    package enum Kind: String, Sendable {
        /// No such blob.
        case missing
        /// More bytes than `Limits.assetBytesMax`.
        case tooLarge
        /// The bytes are no playable MP4.
        case notVideo
        /// The disk is full.
        case full
        /// Everything else.
        case failed
    }

    /// The kind.
    package let kind: Kind
    /// What happened, for the log.
    package let message: String

    /// An error from its kind and words.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
