/// The first line of a ledger's export.
public struct LedgerExportHead: Codable, Sendable, Equatable {
    /// Always `ledger_export`.
    public var object: String
    /// The version of the lines; another one is another form.
    public var format: String
    /// The version of the canonical bytes under the hashes.
    public var chain: String
    /// Whose ledger it is.
    public var organizationID: String

    /// The form that this version writes and reads.
    public static let currentFormat = "rushes-ledger-export-v1"

    /// The head of an organization's export.
    public init(chain: String, organizationID: String) {
        object = "ledger_export"
        format = Self.currentFormat
        self.chain = chain
        self.organizationID = organizationID
    }

    private enum CodingKeys: String, CodingKey {
        case object, format, chain
        case organizationID = "organization_id"
    }
}

/// One transaction with all its lines: everything that is under its hash.
public struct LedgerExportTransaction: Codable, Sendable, Equatable {
    /// Always `ledger_export_transaction`.
    public var object: String
    /// The number in the wallet, from 1, without gaps.
    public var seq: Int64
    /// Identifier, `ltx_...`.
    public var transactionID: String
    /// What happened, such as `freeze` or `settle`.
    public var kind: String
    /// What the transaction is unique by.
    public var reference: String
    /// The batch, when there is one.
    @Nullable public var batchID: String?
    /// When it was posted; RFC 3339 with milliseconds.
    public var createdAt: String
    /// The same in milliseconds since 1970-01-01T00:00:00Z, as it is under the hash.
    public var createdAtMS: Int64
    /// The wallet's free credits afterwards.
    public var availableAfterMicros: Int64
    /// The wallet's frozen credits afterwards.
    public var heldAfterMicros: Int64
    /// The hash of the transaction before; 64 zeros for the first.
    public var previousHash: String
    /// SHA-256 of the canonical bytes.
    public var hash: String
    /// The lines in order, of both units.
    public var lines: [LedgerExportLine]

    /// The body from its members, in the order of the fields.
    public init(
        seq: Int64, transactionID: String, kind: String, reference: String, batchID: String?, createdAt: String,
        createdAtMS: Int64, availableAfterMicros: Int64, heldAfterMicros: Int64, previousHash: String, hash: String,
        lines: [LedgerExportLine]
    ) {
        object = "ledger_export_transaction"
        self.seq = seq
        self.transactionID = transactionID
        self.kind = kind
        self.reference = reference
        self.batchID = batchID
        self.createdAt = createdAt
        self.createdAtMS = createdAtMS
        self.availableAfterMicros = availableAfterMicros
        self.heldAfterMicros = heldAfterMicros
        self.previousHash = previousHash
        self.hash = hash
        self.lines = lines
    }

    private enum CodingKeys: String, CodingKey {
        case object, seq, kind, reference, hash, lines
        case transactionID = "transaction_id"
        case batchID = "batch_id"
        case createdAt = "created_at"
        case createdAtMS = "created_at_ms"
        case availableAfterMicros = "available_after_micros"
        case heldAfterMicros = "held_after_micros"
        case previousHash = "previous_hash"
    }
}

/// One line of an exported transaction.
public struct LedgerExportLine: Codable, Sendable, Equatable {
    /// The account, such as `lot:lot_...:held`.
    public var account: String
    /// `uCR` micro-credits or `uUSD` micro-US-dollars.
    public var unit: String
    /// Signed amount.
    public var amountMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(account: String, unit: String, amountMicros: Int64) {
        self.account = account
        self.unit = unit
        self.amountMicros = amountMicros
    }

    private enum CodingKeys: String, CodingKey {
        case account, unit
        case amountMicros = "amount_micros"
    }
}

/// The last line of a ledger's export: where the ledger has to end, by the wallet's and the lots' own rows.
public struct LedgerExportEnd: Codable, Sendable, Equatable {
    /// Always `ledger_export_end`.
    public var object: String
    /// How many transactions there are: the last one's number.
    public var count: Int64
    /// The last one's hash.
    public var chainHead: String
    /// The wallet's free credits.
    public var availableMicros: Int64
    /// The wallet's frozen credits.
    public var heldMicros: Int64
    /// Every lot in the order of its grant.
    public var lots: [LotStandingBody]

    /// The body from its members, in the order of the fields.
    public init(
        count: Int64, chainHead: String, availableMicros: Int64, heldMicros: Int64, lots: [LotStandingBody]
    ) {
        object = "ledger_export_end"
        self.count = count
        self.chainHead = chainHead
        self.availableMicros = availableMicros
        self.heldMicros = heldMicros
        self.lots = lots
    }

    private enum CodingKeys: String, CodingKey {
        case object, count, lots
        case chainHead = "chain_head"
        case availableMicros = "available_micros"
        case heldMicros = "held_micros"
    }
}
