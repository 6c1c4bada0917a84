/// A defect that a simulation is given on purpose, between the real code and its ports, to see that it is caught.
package enum PlantedBug: String, Sendable, CaseIterable {
    /// A task's compare-and-swap does not look at the attempt.
    case swapsWithoutAttempt = "swaps_without_attempt"
    /// A settlement takes its lots in the wrong order: it captures from the tail and releases from the head.
    case releasesFromHead = "releases_from_head"
    /// The Reconciler does not ask the provider what it has.
    case resubmitsWithoutLooking = "resubmits_without_looking"
    /// A create whose answer was lost is repeated at once by the adapter.
    case retriesCreatesItself = "retries_creates_itself"
    /// A settlement of failures is due as late as one of successes.
    case refundsLate = "refunds_late"
    /// A job that another attempt owns is taken for free.
    case adoptsOwnedJobs = "adopts_owned_jobs"
    /// A lane counts a slot more than it has given.
    case miscountsSlots = "miscounts_slots"
    /// A task succeeds although nothing was stored.
    case succeedsWithoutVideo = "succeeds_without_video"
    /// A running job counts as finished.
    case believesAnyAnswer = "believes_any_answer"
    /// A `request_id` is not looked up.
    case forgetsRequests = "forgets_requests"
    /// Events are not written.
    case dropsEvents = "drops_events"
    /// A task goes over to another route although nobody knows what became of its last create.
    case failsOverUnknown = "fails_over_unknown"
    /// A waiting task is claimed although its batch was cancelled.
    case ignoresCancels = "ignores_cancels"
    /// A lane that an operator has stopped gives slots.
    case ignoresStoppedLanes = "ignores_stopped_lanes"
    /// An organization gets slots beyond its limit.
    case ignoresOrganizationLimits = "ignores_organization_limits"
    /// A payment back is not looked up before it is made.
    case refundsWithoutLooking = "refunds_without_looking"
    /// The key of a purchase is not looked up.
    case forgetsPurchaseKeys = "forgets_purchase_keys"
    /// A gift is not looked up before it is made.
    case forgetsGrants = "forgets_grants"
    /// The days of grace are not written.
    case forgetsGrace = "forgets_grace"
    /// An approval is not written, and its posting is.
    case forgetsApprovals = "forgets_approvals"
    /// What went back of a lot is not written.
    case forgetsRefundedCash = "forgets_refunded_cash"
    /// A wallet's alert is not written.
    case forgetsAlerts = "forgets_alerts"
    /// A video that came too late counts as one within its promise.
    case countsLateAsInTime = "counts_late_as_in_time"
    /// A batch is not counted for its budgets.
    case forgetsBudgets = "forgets_budgets"
    /// A budget allows more than its limit.
    case ignoresBudgets = "ignores_budgets"
    /// Failed tasks give no room of budgets back.
    case keepsBudgets = "keeps_budgets"
    /// A price is used before its date.
    case usesFuturePrices = "uses_future_prices"
    /// A price is used after its date is over.
    case usesOldPrices = "uses_old_prices"
    /// A running batch is settled at another price than that of its freeze.
    case repricesBatches = "reprices_batches"
    /// A number of invoices is taken and not used.
    case skipsInvoiceNumbers = "skips_invoice_numbers"
    /// It is not written that a month was closed.
    case closesMonthsAgain = "closes_months_again"
    /// What is paid of a credit line makes room twice.
    case restoresTwice = "restores_twice"
    /// It is not written what became of an invoice.
    case forgetsReceivables = "forgets_receivables"
    /// A wallet with a disputed payment freezes as before.
    case ignoresDisputes = "ignores_disputes"
    /// A lost payment is booked out, and it is not written that it was.
    case forgetsChargebacks = "forgets_chargebacks"
    /// It is not written what a lost payment cost.
    case forgetsLosses = "forgets_losses"
    /// The tasks of a batch are removed that has not ended.
    case removesUnsettledBatches = "removes_unsettled_batches"
}

extension PlantedBug {
    /// Makes the faults frequent that show this defect soon.
    func invite(_ rates: inout FaultRates) {
        switch self {
        case .swapsWithoutAttempt:
            rates = FaultRates()
            rates.pause = 120
            rates.failure = 1_000
        case .resubmitsWithoutLooking, .retriesCreatesItself, .adoptsOwnedJobs: rates.lostAnswer = 250
        // Seen only where the first route has no slot left when the task waits there and others go over.
        case .failsOverUnknown:
            rates = FaultRates()
            rates.lostAnswer = 300
            rates.failure = 500
            rates.stall = 300
        case .ignoresCancels, .refundsLate: rates.failure = 250
        // Seen only by a claim between whose look and whose lock the lane was stopped.
        case .ignoresStoppedLanes: rates.pause = 400
        case .releasesFromHead, .miscountsSlots, .succeedsWithoutVideo, .believesAnyAnswer, .forgetsRequests,
            .dropsEvents, .ignoresOrganizationLimits, .countsLateAsInTime, .refundsWithoutLooking,
            .forgetsPurchaseKeys, .forgetsGrants, .forgetsGrace, .forgetsApprovals, .forgetsRefundedCash,
            .forgetsAlerts, .forgetsBudgets, .ignoresBudgets, .keepsBudgets, .usesFuturePrices, .usesOldPrices,
            .repricesBatches, .skipsInvoiceNumbers, .closesMonthsAgain, .restoresTwice, .forgetsReceivables,
            .ignoresDisputes, .forgetsChargebacks, .forgetsLosses, .removesUnsettledBatches:
            break
        }
    }
}

extension PlantedBug {
    /// True for those that are seen only where months end.
    var isOfInvoices: Bool {
        switch self {
        case .closesMonthsAgain, .restoresTwice, .forgetsReceivables: true
        case .skipsInvoiceNumbers, .swapsWithoutAttempt, .releasesFromHead, .resubmitsWithoutLooking,
            .retriesCreatesItself, .refundsLate, .adoptsOwnedJobs, .miscountsSlots, .succeedsWithoutVideo,
            .believesAnyAnswer, .forgetsRequests, .dropsEvents, .failsOverUnknown, .ignoresCancels,
            .ignoresStoppedLanes,
            .ignoresOrganizationLimits, .refundsWithoutLooking, .forgetsPurchaseKeys, .forgetsGrants, .forgetsGrace,
            .forgetsApprovals, .forgetsRefundedCash, .forgetsAlerts, .countsLateAsInTime, .forgetsBudgets,
            .ignoresBudgets, .keepsBudgets, .usesFuturePrices, .usesOldPrices, .repricesBatches, .ignoresDisputes,
            .forgetsChargebacks, .forgetsLosses, .removesUnsettledBatches:
            false
        }
    }

    /// True for those that are seen only where banks take payments back.
    var isOfDisputes: Bool {
        switch self {
        case .ignoresDisputes, .forgetsChargebacks, .forgetsLosses: true
        case .swapsWithoutAttempt, .releasesFromHead, .resubmitsWithoutLooking, .retriesCreatesItself, .refundsLate,
            .adoptsOwnedJobs, .miscountsSlots, .succeedsWithoutVideo, .believesAnyAnswer, .forgetsRequests,
            .dropsEvents, .failsOverUnknown, .ignoresCancels, .ignoresStoppedLanes, .ignoresOrganizationLimits,
            .refundsWithoutLooking,
            .forgetsPurchaseKeys, .forgetsGrants, .forgetsGrace, .forgetsApprovals, .forgetsRefundedCash,
            .forgetsAlerts, .countsLateAsInTime, .forgetsBudgets, .ignoresBudgets, .keepsBudgets, .usesFuturePrices,
            .usesOldPrices, .repricesBatches, .skipsInvoiceNumbers, .closesMonthsAgain, .restoresTwice,
            .forgetsReceivables, .removesUnsettledBatches:
            false
        }
    }
}
