/// The answer of `freeze_credits_for_batch` and `finalize_batch_credits`.
public struct CreditOperationBody: Codable, Sendable, Equatable {
    /// Always `credit_operation`.
    public var object: String
    /// The hold as it stands after the operation.
    public var hold: HoldBody
    /// The posting; null for a finalize that had nothing left to post.
    @Nullable public var transaction: LedgerTransactionBody?
    /// True when the operation had been done before and nothing was written.
    public var replayed: Bool

    /// The body from its members, in the order of the fields.
    public init(hold: HoldBody, transaction: LedgerTransactionBody?, replayed: Bool) {
        object = "credit_operation"
        self.hold = hold
        self.transaction = transaction
        self.replayed = replayed
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case hold
        case transaction
        case replayed
    }
}

/// One balanced posting with its lines.
public struct LedgerTransactionBody: Codable, Sendable, Equatable {
    /// Always `ledger_transaction`.
    public var object: String
    /// Identifier, `ltx_...`.
    public var id: String
    /// Number in the wallet.
    public var seq: Int64
    /// What happened.
    public var kind: String
    /// What it is unique by.
    public var reference: String
    /// When it was posted; RFC 3339 with milliseconds.
    public var createdAt: String
    /// Its link in the wallet's chain.
    public var hash: String
    /// Its lines.
    public var entries: [LedgerEntryBody]

    /// The body from its members, in the order of the fields.
    public init(
        id: String, seq: Int64, kind: String, reference: String, createdAt: String, hash: String,
        entries: [LedgerEntryBody]
    ) {
        object = "ledger_transaction"
        self.id = id
        self.seq = seq
        self.kind = kind
        self.reference = reference
        self.createdAt = createdAt
        self.hash = hash
        self.entries = entries
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case seq
        case kind
        case reference
        case createdAt = "created_at"
        case hash
        case entries
    }
}

/// The request of both credit operations.
public struct BatchReference: Codable, Sendable, Equatable {
    /// The batch.
    public var batchID: String

    /// The body from its members, in the order of the fields.
    public init(batchID: String) {
        self.batchID = batchID
    }

    private enum CodingKeys: String, CodingKey {
        case batchID = "batch_id"
    }
}
