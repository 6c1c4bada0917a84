import RushesCore
import RushesEngine
import RushesStore

/// What operators ask about invoices and credit lines.
enum InvoiceCall: Sendable {
    case creditLine(Credits)
    case pay(InvoiceID, reference: String)
    case void(InvoiceID)
    case tax(basisPoints: Int64)

    /// What was heard.
    enum Answer: Sendable {
        case line(CreditLine)
        case paid(Invoice)
        case voided(VoidedInvoice)
        case profile(BillingProfile)
    }

    /// Asks an engine.
    func ask(_ engine: Engine, for organization: OrganizationID) async throws -> Answer {
        let operators = OperatorService(engine)
        return switch self {
        case .creditLine(let limit):
            .line(try await operators.setCreditLine(of: organization, limit: limit, reason: "agreed", by: "first"))
        case .pay(let id, let reference): .paid(try await operators.payInvoice(id, reference: reference).invoice)
        case .void(let id): .voided(try await operators.voidInvoice(id, reason: "wrong", by: "first"))
        case .tax(let basisPoints): .profile(try await operators.setTax(basisPoints: basisPoints, of: organization))
        }
    }
}

/// What was sent and heard about invoices.
struct InvoiceHistory {
    /// Payments, to be sent again.
    var payments: [(organization: OrganizationID, id: InvoiceID, reference: String)] = []
    /// The invoice that each payment has paid.
    var invoiceOfPayment: [String: InvoiceID] = [:]
    /// The hash of each invoice's text, and its number.
    var frozen: [InvoiceID: String] = [:]
}
