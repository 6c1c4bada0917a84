extension WebhookEndpointRequest {
    /// Reads the request that makes or changes an endpoint.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            url: members.optionalString("url"), description: members.optionalString("description"),
            eventTypes: members.optionalStrings("event_types"),
            retryProfile: members.optionalString("retry_profile"),
            maxPerSecond: members.optionalCount("max_per_second"), maxInFlight: members.optionalCount("max_in_flight"))
        try members.finish()
    }
}

extension WebhookRotationRequest {
    /// Reads the request for a new secret.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(expirePreviousIn: members.optionalCount("expire_previous_in"))
        try members.finish()
    }
}

extension WebhookTestRequest {
    /// Reads the request for a sample.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(type: members.optionalString("type"))
        try members.finish()
    }
}

extension WebhookEnableRequest {
    /// Reads the request that enables an endpoint.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(force: members.optionalBoolean("force"))
        try members.finish()
    }
}

extension WebhookRecoverRequest {
    /// Reads the request for a recovery.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            since: members.string("since"), until: members.optionalString("until"),
            dryRun: members.optionalBoolean("dry_run"))
        try members.finish()
    }
}

extension WebhookResendRequest {
    /// Reads the request that sends a delivery once more.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(includeSucceeded: members.optionalBoolean("include_succeeded"))
        try members.finish()
    }
}

extension RequestMembers {
    /// A count, or nil when it is missing or null; what no `Int` holds is out of every range.
    fileprivate mutating func optionalCount(_ name: String) -> Int? {
        optionalInteger(name).map { Int(clamping: $0) }
    }

    /// An array of strings, or nil when it is missing or null.
    fileprivate mutating func optionalStrings(_ name: String) -> [String]? {
        optionalArray(name) { value, pointer, issues in
            if case .string(let text) = value { return text }
            issues.add(IssueBody(pointer: pointer, code: "invalid_type", detail: "a string is expected"))
            return ""
        }
    }
}
