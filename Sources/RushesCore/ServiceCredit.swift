/// What customers get back when too few of a month's videos came in time: a step of a model's policy.
package struct ServiceCreditStep: Sendable, Hashable, Codable {
    /// The step counts when the part in time is below so many ten thousandths.
    package let belowBasisPoints: Int
    /// Ten thousandths of what the month's videos cost that come back.
    package let creditBasisPoints: Int

    /// A step from its parts.
    package init(belowBasisPoints: Int, creditBasisPoints: Int) {
        self.belowBasisPoints = belowBasisPoints
        self.creditBasisPoints = creditBasisPoints
    }

    /// What is wrong with the steps of a model, one sentence each.
    static func defects(of steps: [ServiceCreditStep]) -> [String] {
        var found: [String] = []
        if steps.count > Limits.serviceCreditStepsMax {
            found.append("sla_credits has at most \(Limits.serviceCreditStepsMax) steps")
        }
        let points = steps.flatMap { [$0.belowBasisPoints, $0.creditBasisPoints] }
        if !points.allSatisfy({ (1...BasisPoints.whole).contains($0) }) {
            found.append("basis points of sla_credits are between 1 and \(BasisPoints.whole)")
        }
        // A worse month never gives less.
        let isFalling = zip(steps, steps.dropFirst()).allSatisfy {
            $0.belowBasisPoints > $1.belowBasisPoints && $0.creditBasisPoints < $1.creditBasisPoints
        }
        if !isFalling { found.append("each step of sla_credits is below a smaller part and gives more than the last") }
        return found
    }
}

/// One organization's month with one model: how its promise was kept, and what its videos cost.
package struct ServiceMonth: Sendable, Equatable {
    /// Whose tasks.
    package let organization: OrganizationID
    /// The model, the month, and what was counted of its tasks; without their times.
    package let level: ServiceLevel
    /// What the videos cost that were delivered in the month, at the prices of their batches.
    package let charged: Credits

    /// A month from its figures.
    package init(organization: OrganizationID, level: ServiceLevel, charged: Credits) {
        self.organization = organization
        self.level = level
        self.charged = charged
    }

    /// The month with further figures of the same organization, model and month.
    package func adding(_ other: ServiceMonth) -> ServiceMonth {
        precondition(other.organization == organization, "figures of one organization are added")
        var level = level
        level.add(other.level)
        return ServiceMonth(organization: organization, level: level, charged: charged + other.charged)
    }

    /// What comes back under a model's steps.
    ///
    /// The last step counts whose mark the part in time is below; the amount is rounded down to the micro-credit.
    package func credit(under steps: [ServiceCreditStep]) -> ServiceCredit {
        let promised = level.delivered + level.timedOut
        let step = steps.last { level.withinTarget * BasisPoints.whole < promised * $0.belowBasisPoints }
        let amount =
            step.map { charged.scaled(by: BasisPoints.credits($0.creditBasisPoints), over: BasisPoints.credits()) }
            ?? .zero
        return ServiceCredit(of: self, step: step, amount: amount)
    }
}

/// What an organization gets back for a month with a model.
package struct ServiceCredit: Sendable, Equatable {
    /// The figures that it was computed from.
    package let month: ServiceMonth
    /// The step that counts; nil when the promise was kept, or none was made.
    package let step: ServiceCreditStep?
    /// How much; zero also when nothing was charged that could come back.
    package let amount: Credits

    fileprivate init(of month: ServiceMonth, step: ServiceCreditStep?, amount: Credits) {
        self.month = month
        self.step = step
        self.amount = amount
    }

    /// What the gift is unique by: each month of a model is made good once for each organization.
    package var reference: String { "sla:\(month.organization):\(month.level.month):\(month.level.model)" }

    /// How it was computed, in whole numbers, so that everybody can do it again; nil when nothing comes back.
    package var calculation: String? {
        guard let step, amount > .zero else { return nil }
        let level = month.level
        let promised = level.delivered + level.timedOut
        return "\(level.model) in \(level.month): \(level.withinTarget) of \(promised) tasks came in time"
            + " (\(level.delivered) delivered, \(level.timedOut) timed out and refunded), below"
            + " \(step.belowBasisPoints) of \(BasisPoints.whole); \(step.creditBasisPoints) of \(BasisPoints.whole) of"
            + " \(month.charged.micros) micro-credits charged are \(amount.micros)"
    }
}

/// Ten thousandths.
private enum BasisPoints {
    static let whole = 10_000

    static func credits(_ points: Int = whole) -> Credits { Credits(micros: Int64(points)) }
}
