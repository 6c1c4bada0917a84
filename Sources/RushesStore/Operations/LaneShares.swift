import RushesCore
import RushesDatabase

extension SQLTransaction {
    /// Takes slots of a locked lane for organizations.
    func take(_ slots: [OrganizationID: Int], of lane: inout Lane) throws(DatabaseError) {
        lane.take(slots.values.reduce(0, +))
        let rows = slots.sorted { $0.key < $1.key }.map { organization, count -> [SQLValue] in
            [.text(organization.rawValue), .text(lane.id.rawValue), .int(count), .time(now)]
        }
        try enqueueMany(
            """
            INSERT INTO lane_share (organization_id, lane_id, in_flight, served_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (organization_id, lane_id)
            DO UPDATE SET in_flight = lane_share.in_flight + excluded.in_flight, served_at = excluded.served_at
            """, rows)
    }

    /// Gives slots of a locked lane back.
    func giveBack(_ slots: [OrganizationID: Int], to lane: inout Lane) throws(DatabaseError) {
        if slots.isEmpty { return }
        lane.release(slots.values.reduce(0, +))
        let rows = slots.sorted { $0.key < $1.key }.map { organization, count -> [SQLValue] in
            [.int(count), .text(organization.rawValue), .text(lane.id.rawValue)]
        }
        let changed = try executeMany(
            "UPDATE lane_share SET in_flight = in_flight - $1 WHERE organization_id = $2 AND lane_id = $3", rows)
        if changed.contains(0) { throw DatabaseError(.decoding, "a slot of lane \(lane.id) was never taken") }
    }
}
