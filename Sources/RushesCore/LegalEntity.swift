/// Who sells: what stands at the head and at the foot of every invoice.
package struct LegalEntity: Sendable, Equatable {
    /// The firm's name.
    package let name: String
    /// Its address, line by line.
    package let addressLines: [String]
    /// Its number with the tax office; nil when it has none.
    package let taxID: String?
    /// Where to pay to, line by line.
    package let bankLines: [String]
    /// What its invoice numbers begin with.
    package let series: String
    /// Days that a customer has to pay an invoice of a month.
    package let paymentDays: Int

    /// An entity from its parts.
    package init(
        name: String, addressLines: [String], taxID: String?, bankLines: [String],
        series: String = LegalEntity.unnamed.series, paymentDays: Int = LegalEntity.unnamed.paymentDays
    ) {
        self.name = name
        self.addressLines = addressLines
        self.taxID = taxID
        self.bankLines = bankLines
        self.series = series
        self.paymentDays = paymentDays
    }

    /// What invoices say as long as an operator has not said who sells.
    package static let unnamed = LegalEntity(
        name: "Rushes (no legal entity is configured)", addressLines: [], taxID: nil, bankLines: [], series: "RSH",
        paymentDays: 30)

    /// What of it cannot be printed or counted by; empty when all can.
    package var defects: [String] {
        var defects: [String] = []
        if !Self.isPrintable(name, Limits.billingNameCharactersMax) { defects.append("name") }
        if !Self.arePrintable(addressLines) { defects.append("address") }
        if let taxID, !Self.isPrintable(taxID, Limits.taxIDCharactersMax) { defects.append("tax_id") }
        if !Self.arePrintable(bankLines) { defects.append("bank") }
        let isSeries = series.utf8.allSatisfy { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        if !isSeries || !(1...12).contains(series.utf8.count) { defects.append("series") }
        if !(0...365).contains(paymentDays) { defects.append("payment_days") }
        return defects
    }

    static func isPrintable(_ text: String, _ charactersMax: Int) -> Bool {
        !text.isEmpty && text.count <= charactersMax && !text.hasControlCharacters
    }

    static func arePrintable(_ lines: [String]) -> Bool {
        lines.count <= Limits.billingLinesMax && lines.allSatisfy { isPrintable($0, Limits.billingLineCharactersMax) }
    }
}

/// Who buys: what an invoice says of a customer, and the tax that is asked for.
package struct BillingProfile: Sendable, Equatable {
    /// The name on invoices.
    package var name: String
    /// The address, line by line.
    package var addressLines: [String]
    /// The customer's number with the tax office; nil when it has none.
    package var taxID: String?
    /// The tax on top of net prices; only operators set it.
    package var taxRate: TaxRate

    /// A profile from its parts.
    package init(name: String, addressLines: [String] = [], taxID: String? = nil, taxRate: TaxRate = .none) {
        self.name = name
        self.addressLines = addressLines
        self.taxID = taxID
        self.taxRate = taxRate
    }

    /// The first member that cannot be printed; nil when all can.
    package var firstDefect: String? {
        if !LegalEntity.isPrintable(name, Limits.billingNameCharactersMax) { return "name" }
        if !LegalEntity.arePrintable(addressLines) { return "address" }
        if let taxID, !LegalEntity.isPrintable(taxID, Limits.taxIDCharactersMax) { return "tax_id" }
        return nil
    }
}
