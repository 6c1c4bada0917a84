package import RushesCore
package import RushesDatabase

extension LaneDemand {
    /// The condition of a batch that wants slots, word for word that of the index `batch_demand`.
    static let isWaiting = """
        queued > 0 AND cancel_requested_at IS NULL AND (max_concurrency IS NULL OR running < max_concurrency)
        """
}

/// What `SQLRow.laneDemand()` reads of an organization `o` and its share `s` of a lane.
private let demandColumns = """
    o.id, o.weight, COALESCE(s.in_flight, 0), o.max_in_flight - (SELECT
        COALESCE(CAST(SUM(x.in_flight) AS BIGINT), 0) FROM lane_share x WHERE x.organization_id = o.id),
      s.served_at
    """

extension SQLRow {
    fileprivate func laneDemand() throws(DatabaseError) -> LaneDemand {
        LaneDemand(
            organization: try id(0, OrganizationIdentity.self), weight: try int(1), inFlight: try int(2),
            room: try optionalInteger(3).map(Int.init), servedAt: try optionalTime(4))
    }
}

extension SQLTransaction {
    /// What organizations want of a locked lane: those that come first when `slots` are shared, with their batches.
    ///
    /// At most `Limits.organizationsPerClaimMax` organizations are looked at; when more wait, the lane remembers the
    /// last one, and the next claim goes on behind it, so that everyone is looked at in turn. Those with a limit are
    /// locked here, in the order of their ids, which makes their limit exact over all lanes.
    package func demands(of lane: inout Lane, slots: Int) throws(DatabaseError) -> [LaneDemand] {
        let apart = try batchesApart(in: lane.id)
        let waiting = try waitingOrganizations(of: &lane)
        let others = try organizations(Set(apart.keys).subtracting(waiting.map(\.organization)), in: lane.id)
        let first = (waiting + others).filter { ($0.room ?? 1) > 0 }.sorted { $0.goesBefore($1) }.prefix(slots)
        let limited = try lockRooms(of: first.filter { $0.room != nil }.map(\.organization))
        let demands = first.map { demand in demand.with(room: limited[demand.organization] ?? nil) }
        return try withBatches(demands.filter { ($0.room ?? 1) > 0 }, in: lane.id)
            .map { $0.with(batches: $0.batches + (apart[$0.organization] ?? [])) }
    }

    private func waitingOrganizations(of lane: inout Lane) throws(DatabaseError) -> [LaneDemand] {
        let limit = Limits.organizationsPerClaimMax
        var found = try waitingOrganizations(of: lane.id, after: lane.lookedUpTo?.rawValue ?? "", limit: limit)
        if let last = lane.lookedUpTo, found.count < limit {
            // Round the end, up to where this look began.
            found += try waitingOrganizations(of: lane.id, after: "", limit: limit - found.count)
                .filter { $0.organization <= last }
        }
        lane.lookedUpTo = found.count == limit ? found.last?.organization : nil
        return found
    }

    /// Organizations with a batch that waits, in the order of their ids: a step from one to the next in an index, so
    /// that the cost does not grow with the number of their batches.
    private func waitingOrganizations(
        of lane: LaneID, after organization: String, limit: Int
    ) throws(DatabaseError) -> [LaneDemand] {
        let rows = try query(
            """
            WITH RECURSIVE waiting (organization_id, number) AS (
              SELECT (SELECT organization_id FROM batch WHERE lane_id = $1 AND organization_id > $2
                AND \(LaneDemand.isWaiting) ORDER BY organization_id LIMIT 1), 1
              UNION ALL
              SELECT (SELECT organization_id FROM batch WHERE lane_id = $1
                AND organization_id > waiting.organization_id AND \(LaneDemand.isWaiting)
                ORDER BY organization_id LIMIT 1), waiting.number + 1
              FROM waiting WHERE waiting.organization_id IS NOT NULL AND waiting.number < $3)
            SELECT \(demandColumns)
            FROM waiting INNER JOIN organization o ON o.id = waiting.organization_id
              LEFT JOIN lane_share s ON s.organization_id = o.id AND s.lane_id = $1
            """, [.text(lane.rawValue), .text(organization), .int(limit)])
        return try rows.map { row throws(DatabaseError) in try row.laneDemand() }
            .sorted { $0.organization < $1.organization }
    }

    /// Organizations by their names, as they stand in a lane.
    private func organizations(
        _ names: Set<OrganizationID>, in lane: LaneID
    ) throws(DatabaseError) -> [LaneDemand] {
        if names.isEmpty { return [] }
        let list = SQLList(names.sorted().map(\.rawValue), from: 2)
        return try query(
            """
            SELECT \(demandColumns) FROM organization o
              LEFT JOIN lane_share s ON s.organization_id = o.id AND s.lane_id = $1
            WHERE o.id IN (\(list.places))
            """, [.text(lane.rawValue)] + list.values
        ).map { row throws(DatabaseError) in try row.laneDemand() }
    }

    /// Locks organizations that have a limit, and answers the slots that it leaves; nil for one that has none any more.
    private func lockRooms(of organizations: [OrganizationID]) throws(DatabaseError) -> [OrganizationID: Int?] {
        if organizations.isEmpty { return [:] }
        let list = SQLList(organizations.sorted().map(\.rawValue))
        let limits = try query(
            """
            SELECT id, max_in_flight FROM organization WHERE id IN (\(list.places))\(dialect.forUpdate(orderedBy: "id"))
            """, list.values)
        // Counted after the locks are had: whoever takes slots for one of them holds its lock until its commit.
        let counts = try query(
            """
            SELECT organization_id, CAST(SUM(in_flight) AS BIGINT) FROM lane_share
            WHERE organization_id IN (\(list.places)) GROUP BY organization_id
            """, list.values)
        var inFlight: [String: Int] = [:]
        for row in counts { inFlight[try row.text(0)] = try row.int(1) }
        var rooms: [OrganizationID: Int?] = [:]
        for row in limits {
            let id = try row.text(0)
            rooms[OrganizationID(trusted: id)] = .some(
                try row.optionalInteger(1).map { Int($0) - (inFlight[id] ?? 0) })
        }
        return rooms
    }

    private func withBatches(_ demands: [LaneDemand], in lane: LaneID) throws(DatabaseError) -> [LaneDemand] {
        if demands.isEmpty { return [] }
        let list = SQLList(demands.map(\.organization.rawValue), from: 3)
        let parts = list.numbers.map { number in
            """
            SELECT * FROM (SELECT id, organization_id, queued, running, max_concurrency FROM batch
              WHERE lane_id = $1 AND window_ends_at > $2 AND organization_id = $\(number)
                AND \(LaneDemand.isWaiting)
              ORDER BY running, id LIMIT \(Limits.batchesPerOrganizationPerClaimMax)) AS w\(number)
            """
        }
        let rows = try query(
            parts.joined(separator: " UNION ALL "), [.text(lane.rawValue), .time(now)] + list.values)
        var batches: [OrganizationID: [BatchDemand]] = [:]
        for row in rows {
            batches[try row.id(1, OrganizationIdentity.self), default: []].append(
                BatchDemand(
                    batch: try row.id(0, BatchIdentity.self), queued: try row.int(2), running: try row.int(3),
                    maxConcurrency: try row.optionalInteger(4).map(Int.init)))
        }
        return demands.map { $0.with(batches: batches[$0.organization] ?? []) }
    }
}
