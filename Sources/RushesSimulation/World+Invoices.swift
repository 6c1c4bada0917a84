import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

extension World {
    /// A limit, a tax rate, a payment or a voiding: new, or something that was sent before, as it was or changed.
    func nextInvoiceCall() async throws -> ClientCall {
        let organization = chance.choice(of: history.organizations)
        switch chance.below(10) {
        case 0, 1, 2:
            let limit = chance.happens(100) ? 0 : chance.between(Int64(1), 60_000_000)
            return ClientCall(.invoice(.creditLine(Credits(micros: limit))), by: organization)
        case 3:
            return ClientCall(.invoice(.tax(basisPoints: chance.choice(of: [0, 600, 833, 1_900]))), by: organization)
        case 4: return ClientCall(.invoice(try await nextVoid(organization)), by: organization)
        default: return try await nextInvoicePayment(organization)
        }
    }

    private func nextVoid(_ organization: OrganizationID) async throws -> InvoiceCall {
        try await someInvoice(of: organization).map { .void($0) } ?? .creditLine(Credits(micros: 30_000_000))
    }

    /// A payment that comes for the first time, once more, or by the reference of another one.
    private func nextInvoicePayment(_ organization: OrganizationID) async throws -> ClientCall {
        let payments = history.invoices.payments
        if !payments.isEmpty, chance.happens(350) {
            let old = chance.choice(of: payments)
            return ClientCall(.invoice(.pay(old.id, reference: old.reference)), by: old.organization)
        }
        guard let id = try await someInvoice(of: organization, openOnly: chance.happens(800)) else {
            return ClientCall(.invoice(.creditLine(Credits(micros: 40_000_000))), by: organization)
        }
        if !payments.isEmpty, chance.happens(100) {
            return ClientCall(.invoice(.pay(id, reference: chance.choice(of: payments).reference)), by: organization)
        }
        let reference = "transfer-\(payments.count + 1)"
        history.invoices.payments.append((organization, id, reference))
        return ClientCall(.invoice(.pay(id, reference: reference)), by: organization)
    }

    private func someInvoice(of organization: OrganizationID, openOnly: Bool = false) async throws -> InvoiceID? {
        let invoices = try await database.read { try $0.invoices(of: organization, before: nil, limit: 8) }
        let found = invoices.filter { !openOnly || ($0.kind == .invoice && $0.state == .issued) }
        return found.isEmpty ? nil : chance.choice(of: found).id
    }

    /// Time goes to about the end of the month: shortly before it, or until its invoices are due.
    func leapToMonthEnd() async throws {
        let end = CalendarMonth(containing: clock.now).next.start
        let target = end.adding(milliseconds: chance.between(Int64(-120_000), 900_000))
        let distance = target.milliseconds(since: clock.now)
        try await advance(by: distance > 0 ? distance : chance.between(Int64(60_000), 900_000))
    }
}

extension World {
    /// Looks whether what was heard about an invoice is what stands in the database, and whether what was issued is
    /// what it was.
    func check(
        _ call: InvoiceCall, _ answer: ClientCall.Answer?, of organization: OrganizationID
    ) async throws {
        try await checkFrozen(organization)
        switch call {
        case .pay(let id, let reference): try await checkPayment(id, reference, answer)
        case .void(let id):
            let found = try await database.read { try $0.invoice(id) }
            if case .invoice(.voided(let voided)) = answer, voided.invoice != found {
                throw fail(["\(id): was voided, and now it is \(found.map { "\($0.state)" } ?? "gone")"])
            }
            try checkRefusal(call, answer)
        case .creditLine, .tax: try checkRefusal(call, answer)
        }
    }

    private func checkFrozen(_ organization: OrganizationID) async throws {
        let invoices = try await database.read { try $0.invoices(of: organization, before: nil, limit: 100) }
        for invoice in invoices {
            let text = "\(invoice.number) \(invoice.documentHash)"
            if let known = history.invoices.frozen.updateValue(text, forKey: invoice.id), known != text {
                throw fail(["\(invoice.id): was \(known), now it is \(text)"])
            }
        }
    }

    private func checkPayment(_ id: InvoiceID, _ reference: String, _ answer: ClientCall.Answer?) async throws {
        let found = try await database.read { try $0.invoicePaid(by: reference) }
        if let known = history.invoices.invoiceOfPayment[reference], known != found?.id {
            throw fail(["\(reference): it has paid \(known), now it has paid another"])
        }
        history.invoices.invoiceOfPayment[reference] = found?.id
        switch answer {
        case .invoice(.paid(let invoice)):
            if invoice != found { throw fail(["\(reference): the answer is not the invoice that it has paid"]) }
        case .refused(.invoiceRefused(.isPaid)):
            if found?.id == id { throw fail(["\(reference): refused, and it has paid this"]) }
        case .refused(.paymentMismatch):
            if found == nil { throw fail(["\(reference): refused as another payment, and it has paid nothing"]) }
        case nil, .some: return try checkRefusal(.pay(id, reference: reference), answer)
        }
    }

    private func checkRefusal(_ call: InvoiceCall, _ answer: ClientCall.Answer?) throws {
        switch answer {
        case nil, .invoice, .refused(.invoiceRefused): return
        case .some(let other): throw fail(["\(call): answered \(other)"])
        }
    }
}
