extension LedgerTransaction.Kind {
    /// The accounts that a kind has lines of, without the lot or model in their names.
    package var accountKinds: Set<String> {
        switch self {
        case .purchase: ["issuance", "lot:available", "cash", "deferred", "tax"]
        case .grant, .creditLine: ["issuance", "lot:available"]
        case .adjustment: ["issuance", "lot:available", "adjust", "deferred", "breakage"]
        case .expiry: ["lot:available", "expired"]
        case .refund: ["lot:available", "revoked", "deferred", "cash", "tax"]
        case .freeze: ["lot:available", "lot:held"]
        case .settle, .finalize: ["lot:available", "lot:held", "consumed", "deferred", "revenue"]
        case .invoice, .void: ["receivable", "revenue", "tax"]
        case .payment: ["cash", "receivable"]
        case .dispute: ["cash", "dispute_loss", "lot:available", "adjust", "deferred"]
        }
    }
}
