import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesWire

/// Invoices and credit notes, and what they say of a customer.
struct InvoiceRoutes: Sendable {
    let invoices: InvoiceService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/invoices", list)
        endpoints.authorized(.get, "/v1/invoices/{id}", invoice)
        endpoints.authorized(.get, "/v1/invoices/{id}.html", page)
        endpoints.authorized(.get, "/v1/billing_profile", profile)
        endpoints.authorized(.put, "/v1/billing_profile", setProfile)
    }

    @Sendable private func list(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        try await invoices.answer(call, of: organization)
    }

    @Sendable private func invoice(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(InvoiceBody(try await invoices.invoice(try call.id(), of: organization).invoice))
    }

    /// The same for people and for paper.
    @Sendable private func page(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let language = try call.language()
        let found = try await invoices.invoice(try call.id(), of: organization)
        return .page(InvoicePage(found.invoice, found.content, language: language).html)
    }

    @Sendable private func profile(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(BillingProfileBody(try await invoices.billingProfile(of: organization), of: organization))
    }

    @Sendable private func setProfile(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let request = try BillingProfileRequest(reading: try await call.request.smallJSONBody())
        let profile = try await invoices.setBilling(
            name: request.name, addressLines: request.address, taxID: request.taxID, of: organization)
        return try .json(BillingProfileBody(profile, of: organization))
    }
}

extension InvoiceService {
    /// A page of an organization's invoices.
    fileprivate func answer(_ call: Call, of organization: OrganizationID) async throws -> Response {
        let query = try call.query(["limit", "cursor"])
        let name = "invoices"
        let page = try await invoices(of: organization, before: query.cursor(in: name), limit: query.limit())
        return try .json(page.list(name, by: \.id, InvoiceBody.init))
    }
}

/// What operators do with invoices, taxes and credit lines.
struct InvoiceAdminRoutes: Sendable {
    let operators: OperatorService
    let invoices: InvoiceService

    func add(to endpoints: inout Endpoints) {
        endpoints.open(.get, "/v1/admin/organizations/{id}/invoices") { call in
            try await invoices.answer(call, of: try call.id())
        }
        endpoints.open(.put, "/v1/admin/organizations/{id}/tax", tax)
        endpoints.open(.put, "/v1/admin/organizations/{id}/credit_line", creditLine)
        endpoints.open(.get, "/v1/admin/invoices/{id}.html", page)
        endpoints.open(.post, "/v1/admin/invoices/{id}/pay", pay)
        endpoints.open(.post, "/v1/admin/invoices/{id}/void", void)
    }

    @Sendable private func tax(_ call: Call) async throws -> Response {
        let organization: OrganizationID = try call.id()
        let request = try TaxRequest(reading: try await call.request.smallJSONBody())
        let profile = try await operators.setTax(basisPoints: request.taxRateBasisPoints, of: organization)
        return try .json(BillingProfileBody(profile, of: organization))
    }

    @Sendable private func creditLine(_ call: Call) async throws -> Response {
        let request = try CreditLineRequest(reading: try await call.request.smallJSONBody())
        let line = try await operators.setCreditLine(
            of: try call.id(), limit: Credits(micros: request.limitMicros), reason: request.reason, by: request.by)
        return try .json(CreditLineBody(line))
    }

    @Sendable private func page(_ call: Call) async throws -> Response {
        let language = try call.language()
        let found = try await operators.invoice(try call.id())
        return .page(InvoicePage(found.invoice, found.content, language: language).html)
    }

    @Sendable private func pay(_ call: Call) async throws -> Response {
        let request = try PaymentReference(reading: try await call.request.smallJSONBody())
        let (invoice, isReplay) = try await operators.payInvoice(try call.id(), reference: request.reference)
        return try .json(InvoiceBody(invoice), headers: .replayed(isReplay))
    }

    @Sendable private func void(_ call: Call) async throws -> Response {
        let request = try VoidRequest(reading: try await call.request.smallJSONBody())
        let voided = try await operators.voidInvoice(try call.id(), reason: request.reason, by: request.by)
        return try .json(
            VoidedInvoiceBody(
                invoice: InvoiceBody(voided.invoice), creditNote: InvoiceBody(voided.creditNote),
                replacement: voided.replacement.map(InvoiceBody.init)))
    }
}

extension Call {
    /// The language that a page is asked for in.
    fileprivate func language() throws(Problem) -> PageLanguage {
        let text = try query(["lang"])["lang"] ?? PageLanguage.english.rawValue
        guard let language = PageLanguage(rawValue: text) else {
            throw .invalid(parameter: "lang", "invalid_value", "lang is en or zh")
        }
        return language
    }
}

extension Response {
    /// A page without scripts and without anything from elsewhere.
    fileprivate static func page(_ html: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}
