/// Asks for a backup.
public struct BackupRequest: Codable, Sendable, Equatable {
    /// The file that the dump gets, an absolute path on the server's machine; it does not exist yet.
    public var path: String
    /// The address of a PostgreSQL server on which the dump is restored to verify it; nil for the database's own.
    public var verifyURL: String?

    /// The body from its members, in the order of the fields.
    public init(path: String, verifyURL: String? = nil) {
        self.path = path
        self.verifyURL = verifyURL
    }

    private enum CodingKeys: String, CodingKey {
        case path
        case verifyURL = "verify_url"
    }
}

/// A dump, what it holds, and that it was restored: the answer of a backup or a restore, and the manifest beside it.
public struct BackupBody: Codable, Sendable, Equatable {
    /// Always `backup`.
    public var object: String
    /// True when the dump was restored and everything in it holds.
    public var ok: Bool
    /// `sqlite` or `postgres`.
    public var database: String
    /// The dump.
    public var path: String
    /// Its length.
    public var bytes: Int64
    /// The hash of its content in hexadecimal.
    public var sha256: String
    /// When the dump was begun.
    public var createdAt: String
    /// When it was last restored and verified; null when that failed.
    public var verifiedAt: String?
    /// The last step of its schema.
    public var schemaVersion: Int
    /// Rows by table.
    public var counts: [String: Int64]
    /// Where each ledger stands; only in the manifest.
    public var chainHeads: [ChainHeadBody]?
    /// The invariants that were checked on the restored copy.
    public var checked: [String]
    /// What is wrong, a sentence each.
    public var problems: [String]

    /// The body from its members, in the order of the fields.
    public init(
        ok: Bool, database: String, path: String, bytes: Int64, sha256: String, createdAt: String, verifiedAt: String?,
        schemaVersion: Int, counts: [String: Int64], chainHeads: [ChainHeadBody]?, checked: [String],
        problems: [String]
    ) {
        object = "backup"
        self.ok = ok
        self.database = database
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.createdAt = createdAt
        self.verifiedAt = verifiedAt
        self.schemaVersion = schemaVersion
        self.counts = counts
        self.chainHeads = chainHeads
        self.checked = checked
        self.problems = problems
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case ok
        case database
        case path
        case bytes
        case sha256
        case createdAt = "created_at"
        case verifiedAt = "verified_at"
        case schemaVersion = "schema_version"
        case counts
        case chainHeads = "chain_heads"
        case checked
        case problems
    }
}

/// Where one ledger stands in a dump.
public struct ChainHeadBody: Codable, Sendable, Equatable {
    /// Whose ledger, `org_...`.
    public var organizationID: String
    /// The number of its last transaction.
    public var seq: Int64
    /// That transaction's hash.
    public var hash: String

    /// The body from its members, in the order of the fields.
    public init(organizationID: String, seq: Int64, hash: String) {
        self.organizationID = organizationID
        self.seq = seq
        self.hash = hash
    }

    private enum CodingKeys: String, CodingKey {
        case organizationID = "organization_id"
        case seq
        case hash
    }
}
