/// The place of a ledger transaction in its wallet's chain.
package struct LedgerPosition: Sendable, Equatable {
    /// The wallet's owner.
    package let organization: OrganizationID
    /// The transaction.
    package let transaction: LedgerTransactionID
    /// The number in the wallet, from 1 without gaps.
    package let sequence: Int
    /// When it was posted.
    package let createdAt: Timestamp
    /// Free credits of the wallet afterwards.
    package let availableAfter: Credits
    /// Frozen credits of the wallet afterwards.
    package let heldAfter: Credits
    /// The hash of the transaction before, or `LedgerChain.genesis`.
    package let previousHash: String

    /// A place from its parts.
    package init(
        organization: OrganizationID, transaction: LedgerTransactionID, sequence: Int, createdAt: Timestamp,
        availableAfter: Credits, heldAfter: Credits, previousHash: String
    ) {
        self.organization = organization
        self.transaction = transaction
        self.sequence = sequence
        self.createdAt = createdAt
        self.availableAfter = availableAfter
        self.heldAfter = heldAfter
        self.previousHash = previousHash
    }
}

/// The hash chain of a wallet: each hash covers the one before and the canonical bytes of its transaction.
package enum LedgerChain {
    /// What the first transaction of a wallet names as the hash before it.
    package static let genesis = String(repeating: "0", count: 64)
    /// The version of the canonical bytes, their first line; see `docs/ledger.md`.
    package static let version = "rushes-ledger-v1"

    /// The bytes whose SHA-256 is the transaction's hash: lines of text, each ended by a newline.
    package static func canonicalBytes(
        _ position: LedgerPosition, kind: String, reference: String, batch: BatchID?,
        lines: [(account: String, unit: String, amountMicros: Int64)]
    ) -> [UInt8] {
        var text = version + "\n" + position.previousHash + "\n" + position.organization.rawValue + "\n"
        text += "\(position.sequence)\n\(position.transaction)\n\(position.createdAt.milliseconds)\n"
        text += kind + "\n" + reference + "\n" + (batch?.rawValue ?? "-") + "\n"
        text += "\(position.availableAfter.micros)\n\(position.heldAfter.micros)\n\(lines.count)\n"
        for line in lines { text += line.account + " " + line.unit + " \(line.amountMicros)\n" }
        return Array(text.utf8)
    }
}
