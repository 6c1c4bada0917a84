/// An invoice or a credit note.
public struct InvoiceBody: Codable, Sendable, Equatable {
    /// Always `invoice`.
    public var object: String
    /// Identifier, `inv_...`.
    public var id: String
    /// `invoice` or `credit_note`.
    public var kind: String
    /// Its number, such as `RSH-2026-000042`: series, year, and the place in them without a gap.
    public var number: String
    /// Whose it is.
    public var organizationID: String
    /// `issued`, `paid` or `void`; a void one keeps its number, and a credit note stays `issued`.
    public var status: String
    /// The purchase that it is for; null for a month.
    @Nullable public var purchaseID: String?
    /// The month that it is for, such as `2026-11`; null for a purchase.
    @Nullable public var month: String?
    /// The invoice that a credit note takes back; null for an invoice.
    @Nullable public var creditedInvoiceID: String?
    /// Always `USD`.
    public var currency: String
    /// Without tax, in micro-US-dollars.
    public var netMicros: Int64
    /// The tax on top, in micro-US-dollars; rounded half up to cents, once for the whole document.
    public var taxMicros: Int64
    /// What is asked for, or goes back, in micro-US-dollars.
    public var totalMicros: Int64
    /// When it was issued; RFC 3339 with milliseconds.
    public var issuedAt: String
    /// The payment; null until it is there.
    @Nullable public var paymentReference: String?
    /// When its payment was recorded; null until then. RFC 3339 with milliseconds.
    @Nullable public var paidAt: String?
    /// Why it is void; null when it is not.
    @Nullable public var voidReason: String?
    /// When it became void; null when it is not. RFC 3339 with milliseconds.
    @Nullable public var voidedAt: String?
    /// What it says, as it was frozen when it was issued: the text of a JSON object with seller, buyer and lines.
    public var document: String
    /// The SHA-256 of that text's UTF-8 bytes, in lower-case hexadecimal.
    public var documentSHA256: String

    /// The body from its members, in the order of the fields.
    public init(
        id: String, kind: String, number: String, organizationID: String, status: String, purchaseID: String?,
        month: String?, creditedInvoiceID: String?, currency: String, netMicros: Int64, taxMicros: Int64,
        totalMicros: Int64, issuedAt: String, paymentReference: String?, paidAt: String?, voidReason: String?,
        voidedAt: String?, document: String, documentSHA256: String
    ) {
        object = "invoice"
        self.id = id
        self.kind = kind
        self.number = number
        self.organizationID = organizationID
        self.status = status
        self.purchaseID = purchaseID
        self.month = month
        self.creditedInvoiceID = creditedInvoiceID
        self.currency = currency
        self.netMicros = netMicros
        self.taxMicros = taxMicros
        self.totalMicros = totalMicros
        self.issuedAt = issuedAt
        self.paymentReference = paymentReference
        self.paidAt = paidAt
        self.voidReason = voidReason
        self.voidedAt = voidedAt
        self.document = document
        self.documentSHA256 = documentSHA256
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case kind
        case number
        case organizationID = "organization_id"
        case status
        case purchaseID = "purchase_id"
        case month
        case creditedInvoiceID = "credited_invoice_id"
        case currency
        case netMicros = "net_micros"
        case taxMicros = "tax_micros"
        case totalMicros = "total_micros"
        case issuedAt = "issued_at"
        case paymentReference = "payment_reference"
        case paidAt = "paid_at"
        case voidReason = "void_reason"
        case voidedAt = "voided_at"
        case document
        case documentSHA256 = "document_sha256"
    }
}

/// What invoices say of a customer from now on.
public struct BillingProfileBody: Codable, Sendable, Equatable {
    /// Always `billing_profile`.
    public var object: String
    /// The organization.
    public var organizationID: String
    /// The name on invoices; at first the organization's name.
    public var name: String
    /// The address, line by line.
    public var address: [String]
    /// The number with the tax office; null when there is none.
    @Nullable public var taxID: String?
    /// The tax on top of net prices, in hundredths of a percent; operators set it.
    public var taxRateBasisPoints: Int64

    /// The body from its members, in the order of the fields.
    public init(
        organizationID: String, name: String, address: [String], taxID: String?, taxRateBasisPoints: Int64
    ) {
        object = "billing_profile"
        self.organizationID = organizationID
        self.name = name
        self.address = address
        self.taxID = taxID
        self.taxRateBasisPoints = taxRateBasisPoints
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case organizationID = "organization_id"
        case name
        case address
        case taxID = "tax_id"
        case taxRateBasisPoints = "tax_rate_basis_points"
    }
}

/// Sets what invoices say of a customer from now on.
public struct BillingProfileRequest: Codable, Sendable, Equatable {
    /// The name on invoices.
    public var name: String
    /// The address, line by line.
    public var address: [String]
    /// The number with the tax office; null for none.
    public var taxID: String?

    /// The body from its members, in the order of the fields.
    public init(
        name: String, address: [String], taxID: String? = nil
    ) {
        self.name = name
        self.address = address
        self.taxID = taxID
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case address
        case taxID = "tax_id"
    }
}

/// Sets the tax on top of an organization's net prices.
public struct TaxRequest: Codable, Sendable, Equatable {
    /// Hundredths of a percent: 1900 is 19 %.
    public var taxRateBasisPoints: Int64

    /// The body from its members, in the order of the fields.
    public init(
        taxRateBasisPoints: Int64
    ) {
        self.taxRateBasisPoints = taxRateBasisPoints
    }

    private enum CodingKeys: String, CodingKey {
        case taxRateBasisPoints = "tax_rate_basis_points"
    }
}

/// Takes an invoice out of force.
public struct VoidRequest: Codable, Sendable, Equatable {
    /// Why.
    public var reason: String
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(
        reason: String, by: String
    ) {
        self.reason = reason
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case reason
        case by
    }
}

/// An invoice out of force, with what was issued for it.
public struct VoidedInvoiceBody: Codable, Sendable, Equatable {
    /// Always `voided_invoice`.
    public var object: String
    /// The invoice.
    public var invoice: InvoiceBody
    /// What takes it back.
    public var creditNote: InvoiceBody
    /// What is in force instead; null for a month, which is asked for no more.
    @Nullable public var replacement: InvoiceBody?

    /// The body from its members, in the order of the fields.
    public init(
        invoice: InvoiceBody, creditNote: InvoiceBody, replacement: InvoiceBody?
    ) {
        object = "voided_invoice"
        self.invoice = invoice
        self.creditNote = creditNote
        self.replacement = replacement
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case invoice
        case creditNote = "credit_note"
        case replacement
    }
}

/// Opens an organization's credit line, or sets its limit.
public struct CreditLineRequest: Codable, Sendable, Equatable {
    /// What may be used and not yet paid, at most, in micro-credits.
    public var limitMicros: Int64
    /// Why.
    public var reason: String
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(
        limitMicros: Int64, reason: String, by: String
    ) {
        self.limitMicros = limitMicros
        self.reason = reason
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case limitMicros = "limit_micros"
        case reason
        case by
    }
}

/// What a customer may use before it pays.
public struct CreditLineBody: Codable, Sendable, Equatable {
    /// Always `credit_line`.
    public var object: String
    /// Whose it is.
    public var organizationID: String
    /// What may be used and not yet paid, at most, in micro-credits.
    public var limitMicros: Int64
    /// The last month whose use was asked for, such as `2026-10`.
    public var closedMonth: String

    /// The body from its members, in the order of the fields.
    public init(
        organizationID: String, limitMicros: Int64, closedMonth: String
    ) {
        object = "credit_line"
        self.organizationID = organizationID
        self.limitMicros = limitMicros
        self.closedMonth = closedMonth
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case organizationID = "organization_id"
        case limitMicros = "limit_micros"
        case closedMonth = "closed_month"
    }
}
