/// A batch about to be frozen: its rows and its hold, decided before anything is written.
package struct BatchPlan: Sendable, Equatable {
    /// The batch.
    package let batch: Batch
    /// Its tasks in order.
    package let tasks: [VideoTask]
    /// Its money.
    package let hold: Hold

    /// Decides a batch: price from the book in force, money from the wallet, window from the request or the estimate;
    /// it waits on a route of its model, by default the first.
    ///
    /// - Throws: `FreezeRefusal`.
    package static func make(
        _ request: BatchRequest, model: VideoModel, route: ProviderRoute? = nil, priceVersion: Int, wallet: Wallet,
        estimate: LaneEstimate, at now: Timestamp, ids: any IDSource
    ) throws(FreezeRefusal) -> BatchPlan {
        let lane = (route ?? model.route).lane
        let id = ids.next(BatchIdentity.self)
        let hold = try wallet.freeze(id, count: request.tasks.count, model: model, at: now)
        let hours = estimate.windowHours(requested: request.windowHours)
        let batch = Batch(
            id: id, organization: request.organization, requestID: request.requestID, model: model.id,
            lane: lane, name: request.name, metadata: request.metadata,
            maxConcurrency: request.maxConcurrency, windowHours: request.windowHours, unitPrice: model.unitPrice,
            priceVersion: priceVersion, slaSeconds: model.slaSeconds, createdAt: now,
            windowEndsAt: now.adding(seconds: hours * 3_600),
            stored: .fresh(count: request.tasks.count))
        let tasks = request.tasks.enumerated().map { index, specification in
            VideoTask(
                id: ids.next(TaskIdentity.self), batch: id, organization: request.organization, lane: lane,
                index: index, specification: specification, createdAt: now)
        }
        return BatchPlan(batch: batch, tasks: tasks, hold: hold)
    }
}

/// When a batch would be done, from what waits before it and the lane's limits.
package struct LaneEstimate: Sendable, Equatable {
    /// Seconds until the last task is expected to end.
    package let etaSeconds: Int

    /// An estimate from its seconds.
    package init(etaSeconds: Int) {
        self.etaSeconds = etaSeconds
    }

    /// Everything that waits passes the lane's slots, each for the promised time, and its rate; then the last one runs.
    /// The lane is that of a route of the model, by default the first.
    package init(count: Int, waiting: Int, model: VideoModel, route: ProviderRoute? = nil) {
        let route = route ?? model.route
        let ahead = count + waiting
        let bySlots = (ahead * model.slaSeconds + route.maxInFlight - 1) / route.maxInFlight
        let byRate = (ahead * 60 + route.createsPerMinute - 1) / route.createsPerMinute
        etaSeconds = max(bySlots, byRate) + model.slaSeconds
    }

    /// The window in hours: what was asked for, else the longer of a day and twice the estimate, at most 720.
    package func windowHours(requested: Int?) -> Int {
        if let requested { return requested }
        return min(Limits.windowHoursMax, max(Limits.windowHoursDefault, (2 * etaSeconds + 3_599) / 3_600))
    }
}
