import RushesCore
import RushesWire

extension InvoiceBody {
    init(_ invoice: Invoice) {
        let (purchase, month): (String?, String?) =
            switch invoice.subject {
            case .purchase(let id): (id.rawValue, nil)
            case .month(let month): (nil, month.description)
            }
        self.init(
            id: invoice.id.rawValue, kind: invoice.kind.rawValue, number: invoice.number.description,
            organizationID: invoice.organization.rawValue, status: invoice.state.rawValue, purchaseID: purchase,
            month: month, creditedInvoiceID: invoice.credited?.rawValue, currency: "USD",
            netMicros: invoice.sums.net.micros, taxMicros: invoice.sums.tax.micros,
            totalMicros: invoice.sums.total.micros, issuedAt: invoice.issuedAt.rfc3339,
            paymentReference: invoice.payment?.reference, paidAt: invoice.payment?.at.rfc3339,
            voidReason: invoice.voiding?.reason, voidedAt: invoice.voiding?.at.rfc3339, document: invoice.document,
            documentSHA256: invoice.documentHash)
    }
}

extension BillingProfileBody {
    init(_ profile: BillingProfile, of organization: OrganizationID) {
        self.init(
            organizationID: organization.rawValue, name: profile.name, address: profile.addressLines,
            taxID: profile.taxID, taxRateBasisPoints: Int64(profile.taxRate.basisPoints))
    }
}

extension CreditLineBody {
    init(_ line: CreditLine) {
        self.init(
            organizationID: line.organization.rawValue, limitMicros: line.limit.micros,
            closedMonth: line.closedMonth.description)
    }
}
