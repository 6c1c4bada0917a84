/// One line of the credit ledger.
public struct LedgerEntryBody: Codable, Sendable, Equatable {
    /// Always `ledger_entry`.
    public var object: String
    /// The transaction's number in its wallet, from 1, without gaps.
    public var seq: Int64
    /// Identifier of the transaction, `ltx_...`.
    public var transactionID: String
    /// What happened, such as `freeze` or `settle`.
    public var kind: String
    /// The account, such as `lot:lot_...:held`.
    public var account: String
    /// `uCR` micro-credits or `uUSD` micro-US-dollars.
    public var unit: String
    /// Signed amount; the lines of a transaction sum to zero per unit.
    public var amountMicros: Int64
    /// The wallet's free credits after the transaction.
    @Nullable public var availableAfterMicros: Int64?
    /// The wallet's frozen credits after the transaction.
    @Nullable public var heldAfterMicros: Int64?
    /// The batch, when there is one.
    @Nullable public var batchID: String?
    /// What the transaction is unique by, such as `freeze:bat_...`.
    public var reference: String
    /// When it was posted; RFC 3339 with milliseconds.
    public var createdAt: String
    /// The transaction's link in the wallet's chain.
    public var hash: String

    /// The body from its members, in the order of the fields.
    public init(
        seq: Int64, transactionID: String, kind: String, account: String, unit: String, amountMicros: Int64,
        availableAfterMicros: Int64?, heldAfterMicros: Int64?, batchID: String?, reference: String,
        createdAt: String, hash: String
    ) {
        object = "ledger_entry"
        self.seq = seq
        self.transactionID = transactionID
        self.kind = kind
        self.account = account
        self.unit = unit
        self.amountMicros = amountMicros
        self.availableAfterMicros = availableAfterMicros
        self.heldAfterMicros = heldAfterMicros
        self.batchID = batchID
        self.reference = reference
        self.createdAt = createdAt
        self.hash = hash
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case seq
        case transactionID = "transaction_id"
        case kind
        case account
        case unit
        case amountMicros = "amount_micros"
        case availableAfterMicros = "available_after_micros"
        case heldAfterMicros = "held_after_micros"
        case batchID = "batch_id"
        case reference
        case createdAt = "created_at"
        case hash
    }
}
