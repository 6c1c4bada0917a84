extension PurchaseOpeningRequest {
    /// Reads the request that opens a purchase.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            requestID: members.string("request_id"), package: members.optionalString("package"),
            topupMicros: members.optionalInteger("topup_micros"))
        try members.finish()
    }
}

extension WalletAlert {
    /// Reads the request that sets a wallet's mark.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            lowBalanceMicros: members.optionalInteger("low_balance_micros"))
        try members.finish()
    }
}

extension PaymentReference {
    /// Reads the request that confirms a payment.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            reference: members.string("reference"))
        try members.finish()
    }
}

extension RefundRequest {
    /// Reads the request that pays a purchase back.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            reference: members.string("reference"), reason: members.string("reason"), by: members.string("by"))
        try members.finish()
    }
}

extension DisputeRequest {
    /// Reads the request that records a dispute.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            reference: members.string("reference"), amountMicros: members.optionalInteger("amount_micros"),
            reason: members.string("reason"), by: members.string("by"))
        try members.finish()
    }
}

extension GrantRequest {
    /// Reads the request that gives credits away.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            organizationID: members.string("organization_id"), kind: members.string("kind"),
            faceMicros: members.integer("face_micros"), expiresAt: members.optionalString("expires_at"),
            reference: members.string("reference"), reason: members.string("reason"), by: members.string("by"))
        try members.finish()
    }
}

extension AdjustmentRequest {
    /// Reads the request for a correction.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            organizationID: members.string("organization_id"), amountMicros: members.integer("amount_micros"),
            reason: members.string("reason"), ticket: members.string("ticket"), by: members.string("by"))
        try members.finish()
    }
}

extension DecisionRequest {
    /// Reads a decision on a correction or a dispute.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            by: members.string("by"))
        try members.finish()
    }
}

extension ServiceCreditRequest {
    /// Reads the request that gives back what a month owes.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            month: members.string("month"), organizationID: members.optionalString("organization_id"),
            by: members.string("by"))
        try members.finish()
    }
}
