/// An account of the ledger; its name and its unit are the ones of `docs/ledger.md`.
package enum LedgerAccount: Sendable, Hashable {
    /// Free credits of a lot.
    case lotAvailable(LotID)
    /// Frozen credits of a lot.
    case lotHeld(LotID)
    /// The source of all credits; the only credit account below zero.
    case issuance
    /// Credits charged for videos of a model.
    case consumed(model: String)
    /// Credits past their date.
    case expired
    /// Credits taken back against cash.
    case revoked
    /// Credits taken out by corrections.
    case adjust
    /// Cash received, in micro-USD.
    case cash
    /// Cash received for credits of a lot that are not spent yet, in micro-USD.
    case deferred(LotID)
    /// Cash earned with a model, in micro-USD.
    case revenue(model: String)
    /// Cash earned with credits that a correction took out, in micro-USD.
    case breakage
    /// Cash that banks took back for credits that were used, in micro-USD.
    case disputeLoss
    /// Cash that an issued invoice asks for and that has not come, in micro-USD.
    case receivable
    /// Tax received or asked for, which is owed to the state, in micro-USD.
    case tax

    /// The name in the `account` column.
    package var name: String {
        switch self {
        case .lotAvailable(let lot): "lot:\(lot):available"
        case .lotHeld(let lot): "lot:\(lot):held"
        case .issuance: "issuance"
        case .consumed(let model): "consumed:\(model)"
        case .expired: "expired"
        case .revoked: "revoked"
        case .adjust: "adjust"
        case .cash: "cash"
        case .deferred(let lot): "deferred:\(lot)"
        case .revenue(let model): "revenue:\(model)"
        case .breakage: "breakage"
        case .disputeLoss: "dispute_loss"
        case .receivable: "receivable"
        case .tax: "tax"
        }
    }

    /// The code in the `unit` column.
    package var unit: String {
        switch self {
        case .lotAvailable, .lotHeld, .issuance, .consumed, .expired, .revoked, .adjust: CreditUnit.code
        case .cash, .deferred, .revenue, .breakage, .disputeLoss, .receivable, .tax: DollarUnit.code
        }
    }
}
