import RushesCore
import RushesEngine
import RushesWire

extension BatchBody {
    init(_ batch: Batch) {
        let counts = batch.counts
        self.init(
            id: batch.id.rawValue, requestID: batch.requestID, model: batch.model, name: batch.name,
            status: batch.status.rawValue,
            counts: BatchCountsBody(
                total: counts.total, queued: counts.queued, running: counts.running, succeeded: counts.succeeded,
                failed: counts.failed),
            unitPriceMicros: batch.unitPrice.micros, frozenMicros: batch.frozen.micros,
            chargedMicros: batch.charged.micros, refundedMicros: batch.refunded.micros, heldMicros: batch.held.micros,
            createdAt: batch.createdAt.rfc3339, startedAt: batch.startedAt?.rfc3339,
            finishedAt: batch.finishedAt?.rfc3339, cancelRequestedAt: batch.cancelRequestedAt?.rfc3339,
            metadata: batch.metadata,
            project: batch.project, tasksRemovedAt: batch.tasksRemovedAt?.rfc3339)
    }
}

extension QuoteBody {
    init(_ quote: Quote) {
        let short = max(.zero, quote.total - quote.available)
        self.init(
            model: quote.model.id, count: quote.count, unitPriceMicros: quote.model.unitPrice.micros,
            totalMicros: quote.total.micros, availableMicros: quote.available.micros,
            availableAfterMicros: short == .zero ? quote.availableAfter.micros : nil, shortMicros: short.micros,
            canStart: quote.canStart, minBatch: quote.model.minBatch, priceVersion: quote.priceVersion,
            etaSeconds: Int64(quote.estimate.etaSeconds), etaIsMeasured: quote.estimate.isMeasured,
            windowHours: quote.windowHours,
            budgets: quote.budgets.map(BudgetBody.init), suspended: quote.refusal == .suspended)
    }
}

extension ModelBody {
    /// `provider` is the name that the account is shown under; `isAvailable` tells whether a batch would be taken now,
    /// as far as providers are concerned.
    init(_ entry: VideoModel, provider: String, isAvailable: Bool) {
        self.init(
            id: entry.id, displayName: entry.displayName, unitPriceMicros: entry.unitPrice.micros,
            minBatch: entry.minBatch, maxBatch: entry.maxBatch, seconds: entry.seconds, sizes: entry.sizes,
            slaSeconds: entry.slaSeconds, deadlineSeconds: entry.deadlineSeconds, provider: provider,
            state: entry.state == .active && !isAvailable ? "unavailable" : entry.state.rawValue)
    }
}
