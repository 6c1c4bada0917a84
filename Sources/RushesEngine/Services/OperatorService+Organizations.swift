package import RushesCore
import RushesDatabase
package import RushesStore

extension OperatorService {
    /// An organization with its weight, its limit and the slots that it holds.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func organization(_ id: OrganizationID) async throws -> OrganizationRecord {
        try await engine.database.read { reader in
            guard let organization = try reader.organization(id) else { throw Refusal.notFound }
            return organization
        }
    }

    /// Sets an organization's part of every lane, and how many jobs it may have at the same time over all lanes; nil
    /// for as many as the lanes give it. Jobs above a lower limit go on. Answers the organization as it is then.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func limitOrganization(
        _ id: OrganizationID, weight: Int, maxInFlight: Int?
    ) async throws -> OrganizationRecord {
        try expect(weight, "weight", within: 1...Limits.organizationWeightMax)
        if let maxInFlight { try expect(maxInFlight, "max_in_flight", within: 1...Limits.organizationInFlightMax) }
        let organization = try await engine.database.write { transaction in
            guard try transaction.limit(id, weight: weight, maxInFlight: maxInFlight),
                let organization = try transaction.organization(id)
            else { throw Refusal.notFound }
            return organization
        }
        engine.signals.dispatcher.wake()
        return organization
    }

    func expect(_ value: Int, _ name: String, within range: ClosedRange<Int>) throws(Refusal) {
        if range.contains(value) { return }
        throw .invalidArgument(name: name, reason: "between \(range.lowerBound) and \(range.upperBound)")
    }
}
