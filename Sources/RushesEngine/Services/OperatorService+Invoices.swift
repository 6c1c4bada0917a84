package import RushesCore
import RushesDatabase
import RushesStore

/// An invoice out of force, with what was issued for it.
package struct VoidedInvoice: Sendable, Equatable {
    /// The invoice.
    package let invoice: Invoice
    /// What takes it back.
    package let creditNote: Invoice
    /// What is in force instead; nil for a month, which is asked for no more.
    package let replacement: Invoice?
}

extension OperatorService {
    /// Sets the tax on top of an organization's net prices from now on.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func setTax(
        basisPoints: Int64, of organization: OrganizationID
    ) async throws -> BillingProfile {
        guard let points = Int(exactly: basisPoints), let rate = TaxRate(basisPoints: points) else {
            throw Refusal.invalidArgument(
                name: "tax_rate_basis_points", reason: "hundredths of a percent, between 0 and 10000")
        }
        return try await InvoiceService(engine).set(rate, of: organization)
    }

    /// Takes an invoice out of force; again it is refused.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invoiceRefused`, `Refusal.invalidArgument`, `DatabaseError`.
    package func voidInvoice(_ id: InvoiceID, reason: String, by name: String) async throws -> VoidedInvoice {
        try expect(reason: reason, by: name)
        let engine = engine
        return try await change(id) { invoice, wallet, transaction in
            let issued = try transaction.void(
                &invoice, Invoice.Voiding(reason: reason, by: name, at: transaction.now), of: &wallet,
                seller: engine.seller, ids: engine.environment.ids)
            return VoidedInvoice(
                invoice: invoice, creditNote: issued.creditNote, replacement: issued.replacement)
        }
    }

    /// Records the payment of a month's invoice, once for each reference.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invoiceRefused`, `Refusal.paymentMismatch` when the reference has paid
    ///   another invoice or a purchase, `Refusal.invalidArgument`, `DatabaseError`.
    package func payInvoice(
        _ id: InvoiceID, reference: String
    ) async throws -> (invoice: Invoice, isReplay: Bool) {
        try expectReference(reference)
        let ids = engine.environment.ids
        return try await change(id) { invoice, wallet, transaction in
            if let first = try transaction.invoicePaid(by: reference) {
                guard first.id == id else { throw Refusal.paymentMismatch(reference: reference) }
                return (first, true)
            }
            if try transaction.purchase(reference: reference) != nil {
                throw Refusal.paymentMismatch(reference: reference)
            }
            try transaction.pay(&invoice, reference: reference, into: &wallet, ids: ids)
            return (invoice, false)
        }
    }

    /// Opens an organization's credit line, or sets its limit.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func setCreditLine(
        of organization: OrganizationID, limit: Credits, reason: String, by name: String
    ) async throws -> CreditLine {
        try expect(reason: reason, by: name)
        guard limit >= .zero, limit.micros <= Limits.lotMicrosMax else {
            throw Refusal.invalidArgument(name: "limit_micros", reason: "between 0 and \(Limits.lotMicrosMax)")
        }
        let ids = engine.environment.ids
        return try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard var wallet = try transaction.lockWallet(organization) else { throw Refusal.notFound }
            return try transaction.setCreditLine(of: &wallet, limit: limit, reason: reason, by: name, ids: ids)
        }
    }

    /// An invoice with what it says, whosever it is.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func invoice(_ id: InvoiceID) async throws -> (invoice: Invoice, content: InvoiceDocument) {
        try await engine.database.read { reader in
            guard let invoice = try reader.invoice(id) else { throw Refusal.notFound }
            return (invoice, try invoice.content())
        }
    }

    /// Changes an invoice under its wallet's lock.
    private func change<Result: Sendable>(
        _ id: InvoiceID,
        _ body: @escaping @Sendable (inout Invoice, inout WalletRow, any SQLTransaction) throws -> Result
    ) async throws -> Result {
        let engine = engine
        let owner = try await engine.database.read { reader in try reader.invoice(id)?.organization }
        guard let owner else { throw Refusal.notFound }
        return try await engine.database.writeByKey(in: .wallet(of: owner)) { transaction in
            guard var wallet = try transaction.lockWallet(owner), var invoice = try transaction.invoice(id) else {
                throw Refusal.notFound
            }
            do {
                return try body(&invoice, &wallet, transaction)
            } catch let refusal as InvoiceRefusal {
                throw Refusal.invoiceRefused(refusal)
            }
        }
    }
}
