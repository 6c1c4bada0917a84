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
        _ request: BatchRequest, by apiKey: APIKeyID? = nil, model: VideoModel, route: ProviderRoute? = nil,
        priceVersion: Int, wallet: Wallet, estimate: LaneEstimate, at now: Timestamp, ids: any IDSource
    ) throws(FreezeRefusal) -> BatchPlan {
        let lane = (route ?? model.route).lane
        let id = ids.next(BatchIdentity.self)
        let hold = try wallet.freeze(id, count: request.tasks.count, model: model, at: now)
        let hours = estimate.windowHours(requested: request.windowHours)
        let batch = Batch(
            id: id, organization: request.organization, requestID: request.requestID, model: model.id,
            lane: lane, name: request.name, metadata: request.metadata,
            maxConcurrency: request.maxConcurrency, windowHours: request.windowHours, apiKey: apiKey,
            project: request.project, unitPrice: model.unitPrice, priceVersion: priceVersion,
            slaSeconds: model.slaSeconds, createdAt: now,
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
    /// True when it comes from the time that jobs took lately; else from the promised one.
    package let isMeasured: Bool

    /// An estimate from its seconds.
    package init(etaSeconds: Int) {
        self.etaSeconds = etaSeconds
        isMeasured = false
    }

    /// Everything that waits passes the lane's slots and its rate; then the last one runs.
    ///
    /// What the lane has learned counts: the time that its jobs took lately, and what is left of cap and rate after
    /// 429s and operators' limits. A lane that has not seen enough jobs, or is not given, takes the promised time.
    /// The lane is that of a route of the model, by default the first.
    package init(
        count: Int, waiting: Int, model: VideoModel, route: ProviderRoute? = nil, lane: Lane? = nil,
        at now: Timestamp = Timestamp(milliseconds: 0)
    ) {
        let route = route ?? model.route
        let times = CompletionTimes(lane?.completionTimes)
        isMeasured = times.isTelling
        let permille = lane?.throttle.permille(at: now) ?? 1_000
        let slots = Lane.part(permille, of: lane?.maxInFlight ?? route.maxInFlight)
        let perMinute = Lane.part(permille, of: lane?.createsPerMinute ?? route.createsPerMinute)
        let ahead = Int64(count + waiting)
        let promised = Int64(model.slaSeconds) * 1_000
        let (each, last) =
            isMeasured ? (times.quantile(permille: 500), times.quantile(permille: 950)) : (promised, promised)
        let bySlots = (ahead * each + Int64(slots) - 1) / Int64(slots)
        let byRate = (ahead * 60_000 + Int64(perMinute) - 1) / Int64(perMinute)
        etaSeconds = Int((max(bySlots, byRate) + last + 999) / 1_000)
    }

    /// The window in hours: what was asked for, else the longer of a day and twice the estimate, at most 720.
    package func windowHours(requested: Int?) -> Int {
        if let requested { return requested }
        return min(Limits.windowHoursMax, max(Limits.windowHoursDefault, (2 * etaSeconds + 3_599) / 3_600))
    }
}
