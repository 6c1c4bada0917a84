/// What was earned and what it cost, by day, organization and model.
///
/// Revenue counts on the day of its posting, cost on the day on which its attempt was dispatched, both in UTC.
package struct MarginReport: Sendable, Equatable {
    /// What a line is about.
    package struct Subject: Hashable, Comparable, Sendable {
        /// Days since 1970-01-01 in UTC.
        package let day: Int
        /// Whose work.
        package let organization: OrganizationID
        /// The model that customers name; empty for what belongs to none, such as a lost payment.
        package let model: String

        /// A subject from its parts.
        package init(day: Int, organization: OrganizationID, model: String) {
            self.day = day
            self.organization = organization
            self.model = model
        }

        /// The first moment of the day.
        package var start: Timestamp { Timestamp(milliseconds: Int64(day) * 86_400_000) }

        package static func < (left: Subject, right: Subject) -> Bool {
            (left.day, left.organization, left.model) < (right.day, right.organization, right.model)
        }
    }

    /// Attempts that are alike.
    package struct Attempts: Sendable, Equatable {
        /// What they are about.
        package let subject: Subject
        /// How they ended.
        package let outcome: Attempt.Outcome
        /// What the provider asked for each when they were dispatched.
        package let price: GenerationPrice?
        /// True when their tasks were charged.
        package let areCharged: Bool
        /// How many.
        package let count: Int
        /// What the provider's bills say that they cost together; nil when no bill has them.
        package let billed: Dollars?

        /// A group from its parts.
        package init(
            subject: Subject, outcome: Attempt.Outcome, price: GenerationPrice?, areCharged: Bool, count: Int,
            billed: Dollars? = nil
        ) {
            self.subject = subject
            self.outcome = outcome
            self.price = price
            self.areCharged = areCharged
            self.count = count
            self.billed = billed
        }
    }

    /// One line.
    package struct Line: Sendable, Equatable {
        /// Cash earned.
        package fileprivate(set) var revenue = Dollars.zero
        /// What the attempts cost, as far as it is known.
        package fileprivate(set) var cost = Dollars.zero
        /// Of that, what tasks cost that were refunded.
        package fileprivate(set) var refundedCost = Dollars.zero
        /// Of that, what the provider made after the refund.
        package fileprivate(set) var leakedCost = Dollars.zero
        /// Of that, what providers' bills say.
        package fileprivate(set) var billedCost = Dollars.zero
        /// Cash that banks took back for credits that were used, and the tax on it.
        package fileprivate(set) var disputeLoss = Dollars.zero
        /// Attempts.
        package fileprivate(set) var attempts = 0
        /// Attempts whose cost is not known.
        package fileprivate(set) var unknownAttempts = 0

        /// What is left.
        package var margin: Dollars { revenue - cost - disputeLoss }
    }

    /// The lines, in the order of day, organization and model.
    package let lines: [(subject: Subject, line: Line)]

    /// What bills imported in this time take for jobs that no attempt owns; in no line.
    package let unmatchedCost: Dollars

    /// Adds attempts, revenue and losses up.
    package init(
        attempts: [Attempts], revenue: [(subject: Subject, amount: Dollars)],
        disputeLosses: [(subject: Subject, amount: Dollars)] = [], unmatchedCost: Dollars = .zero
    ) {
        self.unmatchedCost = unmatchedCost
        var sums: [Subject: Line] = [:]
        for group in attempts { sums[group.subject, default: Line()].add(group) }
        for (subject, amount) in revenue { sums[subject, default: Line()].revenue += amount }
        for (subject, amount) in disputeLosses { sums[subject, default: Line()].disputeLoss += amount }
        lines = sums.sorted { $0.key < $1.key }.map { (subject: $0.key, line: $0.value) }
    }

    /// All lines together.
    package var total: Line {
        lines.reduce(into: Line()) { sum, each in
            sum.revenue += each.line.revenue
            sum.cost += each.line.cost
            sum.refundedCost += each.line.refundedCost
            sum.leakedCost += each.line.leakedCost
            sum.billedCost += each.line.billedCost
            sum.disputeLoss += each.line.disputeLoss
            sum.attempts += each.line.attempts
            sum.unknownAttempts += each.line.unknownAttempts
        }
    }

    package static func == (left: MarginReport, right: MarginReport) -> Bool {
        left.lines.map(\.subject) == right.lines.map(\.subject) && left.lines.map(\.line) == right.lines.map(\.line)
            && left.unmatchedCost == right.unmatchedCost
    }
}

extension MarginReport.Line {
    fileprivate mutating func add(_ group: MarginReport.Attempts) {
        let each = AttemptCost(group.outcome, price: group.price, billed: group.billed)
        let amount = group.billed ?? each.amount * group.count
        if group.billed != nil { billedCost += amount }
        attempts += group.count
        if each.kind == .unknown { unknownAttempts += group.count }
        cost += amount
        if !group.areCharged { refundedCost += amount }
        if group.outcome == .leaked { leakedCost += amount }
    }
}
