/// One balanced, immutable posting, not yet placed in its wallet's chain.
///
/// There is one static function for each kind, here and in `LedgerTransaction+Grants.swift`, and no other module can
/// make one, so a kind always touches its own accounts.
package struct LedgerTransaction: Sendable, Equatable {
    /// What happened.
    package enum Kind: String, Sendable, CaseIterable {
        /// A purchase grants a lot.
        case purchase
        /// An operator gives credits away.
        case grant
        /// Two operators correct a wallet.
        case adjustment
        /// What is left of a lot past its date goes.
        case expiry
        /// What is left of a purchase is paid back.
        case refund
        /// A batch freezes its cost.
        case freeze
        /// Ended tasks of a running batch are charged and refunded.
        case settle
        /// The last posting of a batch closes its hold.
        case finalize
        /// A month's credit line, or what a payment restores of it.
        case creditLine = "credit_line"
        /// What a month has used of its credit line is asked for.
        case invoice
        /// An invoice of a month is paid.
        case payment
        /// An invoice of a month is not asked for any more.
        case void
        /// A bank took a payment back for credits that were used.
        case dispute
    }

    /// What happened.
    package let kind: Kind
    /// The operation's key, unique over all transactions: repeating an operation cannot post twice.
    package let reference: String
    /// The batch, for the kinds that have one.
    package let batch: BatchID?
    /// The lines; they sum to zero in each unit.
    package let entries: [LedgerEntry]

    init(_ kind: Kind, reference: String, batch: BatchID? = nil, _ entries: [LedgerEntry]) {
        let posted = entries.filter { $0.amountMicros != 0 }
        precondition(!posted.isEmpty, "a posting moves something")
        for unit in Set(posted.map(\.account.unit)) {
            let sum = posted.reduce(Int64(0)) { $1.account.unit == unit ? $0 + $1.amountMicros : $0 }
            precondition(sum == 0, "a posting sums to zero in \(unit)")
        }
        self.kind = kind
        self.reference = reference
        self.batch = batch
        self.entries = posted
    }
}

/// One line of a ledger transaction.
package struct LedgerEntry: Sendable, Equatable {
    /// The account.
    package let account: LedgerAccount
    /// The change in millionths of the account's unit; debits of cash accounts are above zero.
    package let amountMicros: Int64

    static func credits(_ account: LedgerAccount, _ amount: Credits) -> LedgerEntry {
        precondition(account.unit == CreditUnit.code, "credits go to credit accounts")
        return LedgerEntry(account: account, amountMicros: amount.micros)
    }

    static func dollars(_ account: LedgerAccount, _ amount: Dollars) -> LedgerEntry {
        precondition(account.unit == DollarUnit.code, "dollars go to cash accounts")
        return LedgerEntry(account: account, amountMicros: amount.micros)
    }
}

extension LedgerTransaction {
    /// A confirmed purchase: credits come from issuance into the lot, cash waits in `deferred` until they are spent.
    ///
    /// The tax that was paid on top of it is owed to the state.
    package static func purchase(
        of lot: Lot, paymentReference: String, tax: Dollars = .zero
    ) -> LedgerTransaction {
        LedgerTransaction(
            .purchase, reference: "purchase:\(paymentReference)",
            [
                .credits(.issuance, -lot.face), .credits(.lotAvailable(lot.id), lot.face),
                .dollars(.cash, lot.paid + tax), .dollars(.deferred(lot.id), -lot.paid), .dollars(.tax, -tax),
            ])
    }

    /// The key of a batch's freeze.
    package static func freezeReference(_ batch: BatchID) -> String { "freeze:\(batch)" }
    /// The key of a batch's last posting.
    package static func finalizeReference(_ batch: BatchID) -> String { "finalize:\(batch)" }

    /// A new batch moves its cost from free to frozen.
    package static func freeze(_ hold: Hold) -> LedgerTransaction {
        LedgerTransaction(
            .freeze, reference: freezeReference(hold.batch), batch: hold.batch,
            hold.parts.flatMap { part in
                [.credits(.lotAvailable(part.lot), -part.amount), LedgerEntry.credits(.lotHeld(part.lot), part.amount)]
            })
    }

    /// Ended tasks are charged from the head and refunded to the tail; `recognized` is the revenue by captured lot.
    ///
    /// `instalment` counts the batch's postings from 1; the last one is the finalize.
    package static func settlement(
        _ settlement: Settlement, of hold: Hold, instalment: Int, model: String,
        recognized: [(lot: LotID, amount: Dollars)]
    ) -> LedgerTransaction {
        var entries: [LedgerEntry] = []
        let lots = hold.parts.map(\.lot)
        for lot in lots {
            let captured = settlement.captures.amount(of: lot)
            let released = settlement.releases.amount(of: lot)
            entries.append(.credits(.lotHeld(lot), -(captured + released)))
            entries.append(.credits(.lotAvailable(lot), released))
        }
        entries.append(.credits(.consumed(model: model), settlement.captured))
        for (lot, amount) in recognized { entries.append(.dollars(.deferred(lot), amount)) }
        entries.append(.dollars(.revenue(model: model), -recognized.reduce(.zero) { $0 + $1.amount }))
        let reference = hold.isClosed ? finalizeReference(hold.batch) : "settle:\(hold.batch):\(instalment)"
        return LedgerTransaction(hold.isClosed ? .finalize : .settle, reference: reference, batch: hold.batch, entries)
    }
}

extension [HoldPart] {
    fileprivate func amount(of lot: LotID) -> Credits {
        reduce(.zero) { $1.lot == lot ? $0 + $1.amount : $0 }
    }
}
