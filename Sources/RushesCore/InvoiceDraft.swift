/// An invoice before it has a number.
package struct InvoiceDraft: Sendable, Equatable {
    /// What it is.
    package let kind: Invoice.Kind
    /// What it is for.
    package let subject: Invoice.Subject
    /// Who buys, as invoices say it now.
    package let buyer: BillingProfile
    /// What is asked for.
    package let lines: [InvoiceDocument.Line]
    /// The rate of the tax.
    package let taxRate: TaxRate
    /// The sums of the lines, with the tax.
    package let sums: InvoiceSums
    /// The payment that has come already.
    package let payment: Invoice.Payment?
    /// The invoice that a credit note takes back, or that an invoice replaces.
    package let refersTo: Invoice?
    /// Why a credit note is issued.
    package let reason: String?
    /// The payment that went back.
    package let repayment: String?
}

extension InvoiceDraft {
    /// The invoice of a purchase that was paid for.
    package static func purchase(
        _ id: PurchaseID, _ offer: PurchaseOffer, payment: Invoice.Payment, buyer: BillingProfile
    ) -> InvoiceDraft {
        let line = InvoiceDocument.Line(
            item: offer.package == nil ? .topup : .package, name: offer.package, count: 1,
            unitPriceMicros: offer.paid.micros, creditsMicros: offer.face.micros, amountMicros: offer.paid.micros)
        return InvoiceDraft(
            kind: .invoice, subject: .purchase(id), buyer: buyer, lines: [line], taxRate: buyer.taxRate,
            sums: buyer.sums(for: offer), payment: payment, refersTo: nil, reason: nil, repayment: nil)
    }

    /// The same again with what is known of the buyer now, for an invoice that is void: the sums stay what was paid.
    package static func replacement(
        of invoice: Invoice, saying document: InvoiceDocument, to buyer: BillingProfile
    ) -> InvoiceDraft {
        InvoiceDraft(
            kind: .invoice, subject: invoice.subject, buyer: buyer, lines: document.lines,
            taxRate: TaxRate(trusted: document.taxRateBasisPoints), sums: invoice.sums, payment: invoice.payment,
            refersTo: invoice, reason: nil, repayment: nil)
    }

    /// Takes all of an invoice back.
    package static func credit(
        all invoice: Invoice, saying document: InvoiceDocument, to buyer: BillingProfile, reason: String
    ) -> InvoiceDraft {
        InvoiceDraft(
            kind: .creditNote, subject: invoice.subject, buyer: buyer, lines: document.lines,
            taxRate: TaxRate(trusted: document.taxRateBasisPoints), sums: invoice.sums, payment: nil,
            refersTo: invoice, reason: reason, repayment: nil)
    }

    /// Takes back what was paid for credits that were left of a purchase, with their tax at the invoice's rate.
    package static func credit(
        _ credits: Credits, _ cash: Dollars, of invoice: Invoice, saying document: InvoiceDocument,
        to buyer: BillingProfile, reason: String, repayment: String
    ) -> InvoiceDraft {
        let rate = TaxRate(trusted: document.taxRateBasisPoints)
        let line = InvoiceDocument.Line(
            item: .credit, name: document.lines.first?.name, count: 1, unitPriceMicros: nil,
            creditsMicros: credits.micros, amountMicros: cash.micros)
        return InvoiceDraft(
            kind: .creditNote, subject: invoice.subject, buyer: buyer, lines: [line], taxRate: rate,
            sums: InvoiceSums(net: cash, tax: min(rate.tax(on: cash), invoice.sums.tax)), payment: nil,
            refersTo: invoice, reason: reason, repayment: repayment)
    }

    /// The text's content, once it has its number.
    package func document(
        _ number: InvoiceNumber, from seller: LegalEntity, to organization: OrganizationID, at now: Timestamp
    ) -> InvoiceDocument {
        var (purchase, month): (String?, String?) = (nil, nil)
        switch subject {
        case .purchase(let id): purchase = id.rawValue
        case .month(let each): month = each.description
        }
        let isOpen = kind == .invoice && payment == nil
        return InvoiceDocument(
            kind: kind, number: number.description, issuedAt: now.rfc3339,
            dueAt: isOpen ? now.adding(milliseconds: Int64(seller.paymentDays) * 86_400_000).rfc3339 : nil,
            seller: InvoiceDocument.Party(
                organizationID: nil, name: seller.name, address: seller.addressLines, taxID: seller.taxID,
                bank: seller.bankLines),
            buyer: InvoiceDocument.Party(
                organizationID: organization.rawValue, name: buyer.name, address: buyer.addressLines,
                taxID: buyer.taxID, bank: []),
            purchaseID: purchase, month: month, refersTo: refersTo?.number.description, reason: reason,
            paymentReference: payment?.reference ?? repayment, lines: lines, netMicros: sums.net.micros,
            taxRateBasisPoints: taxRate.basisPoints, taxMicros: sums.tax.micros, totalMicros: sums.total.micros)
    }
}

extension BillingProfile {
    /// What a purchase costs a buyer: its price with the tax that would be on top if it were invoiced now.
    package func sums(for offer: PurchaseOffer) -> InvoiceSums {
        InvoiceSums(net: offer.paid, tax: taxRate.tax(on: offer.paid))
    }
}
