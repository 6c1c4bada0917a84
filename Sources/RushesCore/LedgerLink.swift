/// One ledger transaction with its lines, as it was found in a database or in an export.
package struct LedgerLink: Sendable, Equatable {
    /// Its place in its wallet's chain, as it says itself.
    package let position: LedgerPosition
    /// What happened, such as `freeze`.
    package let kind: String
    /// The operation's key.
    package let reference: String
    /// The batch.
    package let batch: BatchID?
    /// Its lines in order.
    package let lines: [LedgerLine]
    /// The hash that it carries.
    package let hash: String

    /// A link from its parts.
    package init(
        position: LedgerPosition, kind: String, reference: String, batch: BatchID?, lines: [LedgerLine], hash: String
    ) {
        self.position = position
        self.kind = kind
        self.reference = reference
        self.batch = batch
        self.lines = lines
        self.hash = hash
    }

    /// The number in the wallet that it says it has.
    package var sequence: Int { position.sequence }

    /// The bytes whose SHA-256 its hash has to be.
    package var canonicalBytes: [UInt8] {
        LedgerChain.canonicalBytes(
            position, kind: kind, reference: reference, batch: batch,
            lines: lines.map { ($0.account, $0.unit, $0.amountMicros) })
    }
}

/// One line of a ledger transaction, as it was found.
package struct LedgerLine: Sendable, Equatable {
    /// The account's name.
    package let account: String
    /// The unit's code.
    package let unit: String
    /// The change in millionths of the unit.
    package let amountMicros: Int64

    /// A line from its parts.
    package init(account: String, unit: String, amountMicros: Int64) {
        self.account = account
        self.unit = unit
        self.amountMicros = amountMicros
    }

    /// What a line's account is, as far as balances of lots and statements go.
    package enum Place: Sendable, Equatable {
        /// Free credits of a lot.
        case available(LotID)
        /// Frozen credits of a lot.
        case held(LotID)
        /// Cash received for a lot's credits that are not spent.
        case deferred(LotID)
        /// Where credits come from or go to outside of lots: the name up to the colon, and what follows it.
        case outside(String, detail: String)
        /// Any other cash account.
        case cash
    }

    /// What its account is.
    package var place: Place {
        let parts = account.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        if unit == DollarUnit.code {
            return parts.count == 2 && parts[0] == "deferred" ? .deferred(LotID(trusted: parts[1])) : .cash
        }
        if parts.count == 3, parts[0] == "lot" {
            if parts[2] == "available" { return .available(LotID(trusted: parts[1])) }
            if parts[2] == "held" { return .held(LotID(trusted: parts[1])) }
        }
        return .outside(parts[0], detail: parts.dropFirst().joined(separator: ":"))
    }

    /// The account's name without the lot or model in it.
    package var accountKind: String {
        let parts = account.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 3 ? "\(parts[0]):\(parts[2])" : String(parts[0])
    }
}
