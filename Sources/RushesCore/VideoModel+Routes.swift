/// How a route stands: its lane, and the breaker of its account.
package struct RouteStanding: Sendable, Equatable {
    /// The lane.
    package let lane: Lane
    /// The account's breaker.
    package let breaker: Breaker

    /// Closings shorter than this are waited for.
    private static let patienceMilliseconds: Int64 = 60_000

    /// A standing from its parts.
    package init(lane: Lane, breaker: Breaker) {
        self.lane = lane
        self.breaker = breaker
    }

    /// True when what waits there had better go elsewhere. A lane that an operator has paused is waited for.
    package func standsStill(at now: Timestamp) -> Bool {
        if lane.isGone { return true }
        let isClosedLong = lane.closedUntil.map { $0.milliseconds(since: now) >= Self.patienceMilliseconds } ?? false
        return isClosedLong || isBroken(at: now)
    }

    /// The account has not worked for long, or nobody will even try for long.
    private func isBroken(at now: Timestamp) -> Bool {
        guard breaker.state != .closed else { return false }
        let hasLasted = breaker.changedAt.map { now.milliseconds(since: $0) >= Self.patienceMilliseconds } ?? false
        let willLast = breaker.probeAt.map { $0.milliseconds(since: now) >= Self.patienceMilliseconds } ?? false
        return hasLasted || willLast
    }

    /// True when tasks may go there now.
    package func isOpen(at now: Timestamp) -> Bool {
        lane.isOpen(at: now) && breaker.admission(at: now) == .all
    }
}

extension VideoModel {
    /// Who makes the videos when the first route cannot, in the order in which they are tried.
    package var fallbackRoutes: [ProviderRoute] { Array(routes.dropFirst()) }

    /// What is sent with each create on a lane besides what the task asks for.
    package func parameters(on lane: LaneID) -> [String: RouteParameter] {
        routes.first { $0.lane == lane }?.parameters ?? [:]
    }

    /// The lane for what waits in one that stands still; nil to stay. `routes` tells how the model's routes stand whose
    /// account is configured.
    ///
    /// An open lane is better than a closed one; a closed one is better than one that is gone.
    package func lane(
        insteadOf present: RouteStanding, among standings: [LaneID: RouteStanding], at now: Timestamp
    ) -> LaneID? {
        guard present.standsStill(at: now) else { return nil }
        let others = routes.compactMap { standings[$0.lane] }.filter { $0.lane.id != present.lane.id }
        if let open = others.first(where: { $0.isOpen(at: now) }) { return open.lane.id }
        return present.lane.isGone ? others.first { !$0.lane.isGone }?.lane.id : nil
    }

    /// The lane for another generation of a task whose last one failed at the provider: the next open one behind that
    /// lane, in the order of the catalogue and round its end; nil when there is none, so that it stays.
    package func lane(
        afterFailureOn failed: LaneID, among standings: [LaneID: RouteStanding], at now: Timestamp
    ) -> LaneID? {
        let lanes = routes.map(\.lane)
        let place = lanes.firstIndex(of: failed).map { $0 + 1 } ?? 0
        return (lanes[place...] + lanes[..<place]).first { lane in
            lane != failed && standings[lane]?.isOpen(at: now) == true
        }
    }
}
