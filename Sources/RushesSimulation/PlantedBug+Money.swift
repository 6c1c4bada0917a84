extension PlantedBug {
    /// True when the defect takes, gives or keeps money that it should not, or lets a limit of money be passed: those
    /// that `docs/proof.md` lists.
    package var isAboutMoney: Bool {
        switch self {
        case .releasesFromHead, .refundsLate, .succeedsWithoutVideo, .believesAnyAnswer, .forgetsRequests,
            .refundsWithoutLooking, .forgetsPurchaseKeys, .forgetsGrants, .forgetsGrace, .forgetsApprovals,
            .forgetsRefundedCash, .forgetsAlerts, .forgetsBudgets, .ignoresBudgets, .keepsBudgets, .usesFuturePrices,
            .usesOldPrices, .repricesBatches, .skipsInvoiceNumbers, .closesMonthsAgain, .restoresTwice,
            .forgetsReceivables, .ignoresDisputes, .forgetsChargebacks, .forgetsLosses:
            true
        case .swapsWithoutAttempt, .resubmitsWithoutLooking, .retriesCreatesItself, .adoptsOwnedJobs, .miscountsSlots,
            .dropsEvents, .failsOverUnknown, .ignoresCancels, .ignoresStoppedLanes, .ignoresOrganizationLimits,
            .countsLateAsInTime, .removesUnsettledBatches:
            false
        }
    }
}
