/// What an invoice says, frozen when it is issued: its JSON text is kept and hashed, and pages are made from it alone.
package struct InvoiceDocument: Sendable, Equatable, Codable {
    /// The form of this document.
    package var version = 1
    /// What it is.
    package var kind: Invoice.Kind
    /// Its number.
    package var number: String
    /// When it was issued; RFC 3339 with milliseconds.
    package var issuedAt: String
    /// Until when it is to be paid; nil for what is paid.
    package var dueAt: String?
    /// Who sells.
    package var seller: Party
    /// Who buys.
    package var buyer: Party
    /// The purchase that it is for.
    package var purchaseID: String?
    /// The month that it is for, `2026-11`.
    package var month: String?
    /// The number of the invoice that a credit note takes back, or that an invoice replaces.
    package var refersTo: String?
    /// Why a credit note was issued.
    package var reason: String?
    /// The payment that has come, or that went back.
    package var paymentReference: String?
    /// What is asked for, line by line; without tax.
    package var lines: [Line]
    /// Always `USD`.
    package var currency = "USD"
    /// The sum of the lines.
    package var netMicros: Int64
    /// Hundredths of a percent.
    package var taxRateBasisPoints: Int
    /// The tax on the sum, rounded half up to cents.
    package var taxMicros: Int64
    /// What is to be paid, or goes back.
    package var totalMicros: Int64

    /// One side of an invoice.
    package struct Party: Sendable, Equatable, Codable {
        /// The organization; nil for the seller.
        package var organizationID: String?
        /// The name.
        package var name: String
        /// The address, line by line.
        package var address: [String]
        /// The number with the tax office.
        package var taxID: String?
        /// Where to pay to; empty for the buyer.
        package var bank: [String]

        private enum CodingKeys: String, CodingKey {
            case organizationID = "organization_id"
            case name
            case address
            case taxID = "tax_id"
            case bank
        }
    }

    /// One thing that is asked for.
    package struct Line: Sendable, Equatable, Codable {
        /// What was sold.
        package enum Item: String, Sendable, CaseIterable, Codable {
            /// A package of credits.
            case package
            /// Credits at par.
            case topup
            /// Videos that were delivered.
            case video
            /// What is taken back.
            case credit
        }

        /// What was sold.
        package var item: Item
        /// The package or the model.
        package var name: String?
        /// How many.
        package var count: Int
        /// What one costs; nil where a line is no multiple of it.
        package var unitPriceMicros: Int64?
        /// Credits that it grants or takes back.
        package var creditsMicros: Int64?
        /// What it costs, without tax.
        package var amountMicros: Int64

        /// A line from its parts.
        package init(
            item: Item, name: String?, count: Int, unitPriceMicros: Int64?, creditsMicros: Int64?, amountMicros: Int64
        ) {
            self.item = item
            self.name = name
            self.count = count
            self.unitPriceMicros = unitPriceMicros
            self.creditsMicros = creditsMicros
            self.amountMicros = amountMicros
        }

        private enum CodingKeys: String, CodingKey {
            case item
            case name
            case count
            case unitPriceMicros = "unit_price_micros"
            case creditsMicros = "credits_micros"
            case amountMicros = "amount_micros"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case version
        case kind
        case number
        case issuedAt = "issued_at"
        case dueAt = "due_at"
        case seller
        case buyer
        case purchaseID = "purchase_id"
        case month
        case refersTo = "refers_to"
        case reason
        case paymentReference = "payment_reference"
        case lines
        case currency
        case netMicros = "net_micros"
        case taxRateBasisPoints = "tax_rate_basis_points"
        case taxMicros = "tax_micros"
        case totalMicros = "total_micros"
    }
}
