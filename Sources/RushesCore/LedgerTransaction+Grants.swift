extension LedgerTransaction {
    /// A gift: credits come from issuance into the lot, and no cash waits for them.
    package static func grant(of lot: Lot, reference: String) -> LedgerTransaction {
        LedgerTransaction(
            .grant, reference: "grant:\(reference)",
            [.credits(.issuance, -lot.face), .credits(.lotAvailable(lot.id), lot.face)])
    }

    /// A correction in the customer's favour: a lot that nobody paid for.
    package static func adjustment(_ id: AdjustmentID, granting lot: Lot) -> LedgerTransaction {
        LedgerTransaction(
            .adjustment, reference: "adjust:\(id)",
            [.credits(.issuance, -lot.face), .credits(.lotAvailable(lot.id), lot.face)])
    }

    /// A correction against the customer: free credits go, and what was paid for them is earned.
    package static func adjustment(
        _ id: AdjustmentID, taking parts: [(part: HoldPart, recognized: Dollars)]
    ) -> LedgerTransaction {
        var entries = parts.map { LedgerEntry.credits(.lotAvailable($0.part.lot), -$0.part.amount) }
        entries.append(.credits(.adjust, parts.reduce(.zero) { $0 + $1.part.amount }))
        for (part, recognized) in parts { entries.append(.dollars(.deferred(part.lot), recognized)) }
        entries.append(.dollars(.breakage, -parts.reduce(.zero) { $0 + $1.recognized }))
        return LedgerTransaction(.adjustment, reference: "adjust:\(id)", entries)
    }

    /// What is left of a lot past its date goes. The date is part of the key: what comes back later expires again.
    package static func expiry(of lot: LotID, at expiresAt: Timestamp, _ amount: Credits) -> LedgerTransaction {
        LedgerTransaction(
            .expiry, reference: "expire:\(lot):\(expiresAt.milliseconds)",
            [.credits(.lotAvailable(lot), -amount), .credits(.expired, amount)])
    }

    /// What is left of a purchase is paid back, with the tax that was paid on top of it.
    package static func refund(
        of lot: LotID, purchase: PurchaseID, credits: Credits, cash: Dollars, tax: Dollars = .zero
    ) -> LedgerTransaction {
        LedgerTransaction(
            .refund, reference: "refund:\(purchase)",
            [
                .credits(.lotAvailable(lot), -credits), .credits(.revoked, credits),
                .dollars(.deferred(lot), cash), .dollars(.tax, tax), .dollars(.cash, -(cash + tax)),
            ])
    }
}
