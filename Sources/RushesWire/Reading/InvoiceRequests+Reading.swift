extension BillingProfileRequest {
    /// Reads the request that sets what invoices say of a customer.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            name: members.string("name"),
            address: members.array("address") { item, pointer, issues in
                if case .string(let line) = item { return line }
                issues.add(IssueBody(pointer: pointer, code: "invalid_type", detail: "a string is expected"))
                return ""
            }, taxID: members.optionalString("tax_id"))
        try members.finish()
    }
}

extension TaxRequest {
    /// Reads the request that sets a tax rate.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(taxRateBasisPoints: members.integer("tax_rate_basis_points"))
        try members.finish()
    }
}

extension VoidRequest {
    /// Reads the request that takes an invoice out of force.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(reason: members.string("reason"), by: members.string("by"))
        try members.finish()
    }
}

extension CreditLineRequest {
    /// Reads the request that sets a credit line.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            limitMicros: members.integer("limit_micros"), reason: members.string("reason"), by: members.string("by"))
        try members.finish()
    }
}
