/// Lines of a provider's bill.
public struct ProviderBillRequest: Codable, Sendable, Equatable {
    /// The provider account, as routes name it.
    public var provider: String
    /// The bill's name, such as `2026-11`.
    public var bill: String
    /// Which operator.
    public var by: String
    /// At most 2,000 lines.
    public var lines: [ProviderBillLine]

    /// The body from its members, in the order of the fields.
    public init(provider: String, bill: String, by: String, lines: [ProviderBillLine]) {
        self.provider = provider
        self.bill = bill
        self.by = by
        self.lines = lines
    }
}

/// What one job cost.
public struct ProviderBillLine: Codable, Sendable, Equatable {
    /// The provider's name of the job.
    public var job: String
    /// What the provider took for it, in micro-US-dollars.
    public var amountMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(job: String, amountMicros: Int64) {
        self.job = job
        self.amountMicros = amountMicros
    }

    private enum CodingKeys: String, CodingKey {
        case job
        case amountMicros = "amount_micros"
    }
}

/// What became of the lines of a bill.
public struct ProviderBillResult: Codable, Sendable, Equatable {
    /// Always `provider_bill_import`.
    public var object: String
    /// Lines of jobs that an attempt owns.
    public var matched: Int
    /// Lines that were imported before, with the same amount.
    public var replayed: Int
    /// Lines of jobs that nobody owns here; they are kept, and reports show their sum.
    public var unmatched: [ProviderBillLine]
    /// Lines whose job was billed before at another amount; they were not taken.
    public var conflicting: [ProviderBillLine]

    /// The body from its members, in the order of the fields.
    public init(matched: Int, replayed: Int, unmatched: [ProviderBillLine], conflicting: [ProviderBillLine]) {
        object = "provider_bill_import"
        self.matched = matched
        self.replayed = replayed
        self.unmatched = unmatched
        self.conflicting = conflicting
    }

    /// Two imports together.
    public static func + (left: ProviderBillResult, right: ProviderBillResult) -> ProviderBillResult {
        ProviderBillResult(
            matched: left.matched + right.matched, replayed: left.replayed + right.replayed,
            unmatched: left.unmatched + right.unmatched, conflicting: left.conflicting + right.conflicting)
    }
}

extension ProviderBillRequest {
    /// Reads the request that brings lines of a bill.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            provider: members.string("provider"), bill: members.string("bill"), by: members.string("by"),
            lines: members.array("lines") { value, pointer, issues in
                RequestMembers.read(value, at: pointer, &issues) { line in
                    ProviderBillLine(job: line.string("job"), amountMicros: line.integer("amount_micros"))
                }
            })
        try members.finish()
    }
}
