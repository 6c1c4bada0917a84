import RushesCore
import RushesEngine
import RushesStore

/// What clients and operators ask of wallets otherwise than by batches.
enum MoneyCall: Sendable {
    case open(PurchaseOrder, requestID: String)
    case callOff(PurchaseID)
    case confirm(PurchaseID, reference: String)
    case refund(PurchaseID, reference: String)
    case dispute(PurchaseID, Dollars?, reference: String)
    case bankDecides(DisputeID, Dispute.Decision)
    case grant(GrantOrder)
    case propose(Credits)
    case decide(AdjustmentID, Adjustment.Decision, by: String)
    case alert(Credits?)
    case budget(Budget.Subject, Budget.Period, Credits?)

    /// What was heard.
    enum Answer: Sendable {
        case opened(PurchaseOpening)
        case calledOff(PurchaseRecord)
        case confirmed(PurchaseReceipt)
        case refunded(PurchaseRefund)
        case dispute(Dispute)
        case granted(CreditGrant)
        case adjustment(Adjustment)
        case wallet(WalletStatement)
        case budget(Budget)
    }

    /// Who proposes corrections in a world.
    static let proposer = "first"

    /// Asks an engine.
    func ask(_ engine: Engine, for organization: OrganizationID) async throws -> Answer {
        let operators = OperatorService(engine)
        let purchases = PurchaseService(engine)
        return switch self {
        case .open(let order, let requestID):
            .opened(try await purchases.open(order, requestID: requestID, for: organization))
        case .callOff(let id): .calledOff(try await purchases.cancel(id, of: organization))
        case .confirm(let id, let reference):
            .confirmed(try await operators.confirmPurchase(id, reference: reference))
        case .refund(let id, let reference):
            .refunded(
                try await operators.refundPurchase(id, reference: reference, reason: "asked", by: "first").refund)
        case .dispute(let id, let amount, let reference):
            .dispute(
                try await operators.openDispute(
                    of: id, amount: amount, reference: reference, reason: "bank", by: "first"
                ).dispute)
        case .bankDecides(let id, let decision):
            .dispute(try await operators.decideDispute(id, decision, by: "first"))
        case .grant(let order): .granted(try await operators.grant(order).grant)
        case .propose(let amount):
            .adjustment(
                try await operators.proposeAdjustment(
                    Adjustment.Proposal(
                        organization: organization, amount: amount, reason: "why", ticket: "T-1", by: Self.proposer)))
        case .decide(let id, let decision, let name):
            .adjustment(try await operators.decideAdjustment(id, decision, by: name))
        case .budget(let subject, let period, let limit):
            .budget(try await BudgetService(engine).setBudget(of: subject, period, limit: limit, for: organization))
        case .alert(let mark): .wallet(try await CreditService(engine).alert(below: mark, of: organization))
        }
    }
}

/// What was sent and heard about wallets.
struct MoneyHistory {
    /// The purchases opened, to be opened again.
    var openings: [(organization: OrganizationID, order: PurchaseOrder, requestID: String)] = []
    /// The purchase of each key, once there was one.
    var purchaseOfKey: [String: PurchaseID] = [:]
    /// Purchases that are known, with their owners.
    var purchases: [(organization: OrganizationID, id: PurchaseID)] = []
    /// Payments of opened purchases and payments back, to be sent again.
    var payments: [(organization: OrganizationID, id: PurchaseID, reference: String)] = []
    /// What was paid back by which reference.
    var refunds: [String: PurchaseRefund] = [:]
    /// Disputes sent, to be sent again.
    var claims: [(organization: OrganizationID, purchase: PurchaseID, amount: Dollars?, reference: String)] = []
    /// Disputes that are known.
    var disputes: [(organization: OrganizationID, id: DisputeID)] = []
    /// The dispute of each of the bank's references, once there was one.
    var disputeOfReference: [String: DisputeID] = [:]
    /// What banks have decided, once that was heard.
    var decisions: [DisputeID: Dispute.Decision] = [:]
    /// The gifts sent, to be sent again.
    var grants: [GrantOrder] = []
    /// Corrections that are known.
    var adjustments: [(organization: OrganizationID, id: AdjustmentID)] = []
}
