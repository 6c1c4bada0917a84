package import RushesCore
import RushesDatabase
import RushesStore

/// An organization's invoices and credit notes, and what they say of it.
package struct InvoiceService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// Invoices and credit notes, the newest first, before one of them.
    ///
    /// - Throws: `DatabaseError`.
    package func invoices(
        of organization: OrganizationID, before id: InvoiceID?, limit: Int
    ) async throws -> Page<Invoice> {
        try await engine.database.read { reader in
            Page(try reader.invoices(of: organization, before: id, limit: limit + 1), limit: limit)
        }
    }

    /// An invoice with what it says.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func invoice(
        _ id: InvoiceID, of organization: OrganizationID
    ) async throws -> (invoice: Invoice, content: InvoiceDocument) {
        try await engine.database.read { reader in
            guard let invoice = try reader.invoice(id), invoice.organization == organization else {
                throw Refusal.notFound
            }
            return (invoice, try invoice.content())
        }
    }

    /// What invoices say of an organization.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func billingProfile(of organization: OrganizationID) async throws -> BillingProfile {
        try await engine.database.read { reader in
            guard let profile = try reader.billingProfile(of: organization) else { throw Refusal.notFound }
            return profile
        }
    }

    /// Sets what invoices say of an organization from now on; the tax rate stays.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func setBilling(
        name: String, addressLines: [String], taxID: String?, of organization: OrganizationID
    ) async throws -> BillingProfile {
        try await change(organization) { profile in
            profile.name = name
            profile.addressLines = addressLines
            profile.taxID = taxID
        }
    }

    /// Sets the tax on top of an organization's net prices from now on.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    func set(_ taxRate: TaxRate, of organization: OrganizationID) async throws -> BillingProfile {
        try await change(organization) { $0.taxRate = taxRate }
    }

    private func change(
        _ organization: OrganizationID, _ body: @escaping @Sendable (inout BillingProfile) -> Void
    ) async throws -> BillingProfile {
        try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard try transaction.lockWallet(organization) != nil,
                var profile = try transaction.billingProfile(of: organization)
            else { throw Refusal.notFound }
            body(&profile)
            if let defect = profile.firstDefect {
                throw Refusal.invalidArgument(
                    name: defect,
                    reason: "a line of text, or at most \(Limits.billingLinesMax) of them, without control characters")
            }
            try transaction.save(profile, of: organization)
            return profile
        }
    }
}
