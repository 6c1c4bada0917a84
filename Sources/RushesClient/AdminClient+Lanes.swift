public import RushesWire

extension AdminClient {
    /// All lanes.
    ///
    /// - Throws: `RushesClientError`.
    public func lanes() async throws -> [LaneBody] {
        let list: ListBody<LaneBody> = try await exchange.answer(.get("/v1/admin/lanes")).body
        return list.data
    }

    /// Stops dispatch on a lane, or lets it go on.
    ///
    /// - Throws: `RushesClientError`.
    public func controlLane(_ request: LaneControlRequest) async throws -> LaneBody {
        try await exchange.answer(.send(.put, "/v1/admin/lanes/control", content: .json(request))).body
    }

    /// Sets an operator's own limits of a lane.
    ///
    /// - Throws: `RushesClientError`.
    public func limitLane(_ request: LaneLimitsRequest) async throws -> LaneBody {
        try await exchange.answer(.send(.put, "/v1/admin/lanes/limits", content: .json(request))).body
    }

    /// What operators did to a lane, or with nil to all of them, the newest first, at most `limit` acts.
    ///
    /// - Throws: `RushesClientError`.
    public func laneActs(of lane: String?, limit: Int) async throws -> ListBody<LaneActBody> {
        let query = [("lane", lane), ("limit", String(limit))]
        return try await exchange.answer(.get("/v1/admin/lanes/history", query)).body
    }
}
