extension LedgerTransaction.Kind {
    /// The accounts that a kind has lines of, without the lot or model in their names.
    package var accountKinds: Set<String> {
        switch self {
        case .purchase: ["issuance", "lot:available", "cash", "deferred"]
        case .freeze: ["lot:available", "lot:held"]
        case .settle, .finalize: ["lot:available", "lot:held", "consumed", "deferred", "revenue"]
        }
    }
}
