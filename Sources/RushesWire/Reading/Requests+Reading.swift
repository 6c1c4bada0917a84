extension BatchReference {
    /// Reads the request of a credit operation.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(batchID: members.string("batch_id"))
        try members.finish()
    }
}

extension OrganizationRequest {
    /// Reads the request that creates an organization.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(name: members.string("name"))
        try members.finish()
    }
}

extension OrganizationLimits {
    /// Reads the request that sets an organization's weight and limit.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            weight: Int(members.integer("weight")), maxInFlight: members.optionalInteger("max_in_flight").map(Int.init))
        try members.finish()
    }
}

extension KeyRequest {
    /// Reads the request that creates an API key.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(name: members.optionalString("name"))
        try members.finish()
    }
}

extension PurchaseRequest {
    /// Reads the request that grants credits.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            organizationID: members.string("organization_id"), package: members.optionalString("package"),
            topupMicros: members.optionalInteger("topup_micros"), reference: members.string("reference"))
        try members.finish()
    }
}

extension BackupRequest {
    /// Reads the request for a backup.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(path: members.string("path"), verifyURL: members.optionalString("verify_url"))
        try members.finish()
    }
}

extension LaneControlRequest {
    /// Reads the request that stops dispatch on a lane or lets it go on.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            lane: members.string("lane"), control: members.string("control"), reason: members.optionalString("reason"),
            by: members.optionalString("by"))
        try members.finish()
    }
}

extension LaneLimitsRequest {
    /// Reads the request that sets an operator's own limits of a lane.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            lane: members.string("lane"), maxInFlight: members.optionalInteger("max_in_flight").map(Int.init),
            createsPerMinute: members.optionalInteger("creates_per_minute").map(Int.init),
            pollsPerMinute: members.optionalInteger("polls_per_minute").map(Int.init),
            reason: members.optionalString("reason"), by: members.optionalString("by"))
        try members.finish()
    }
}
