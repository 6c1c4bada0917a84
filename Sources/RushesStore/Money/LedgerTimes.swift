import RushesCore
import RushesDatabase

extension SQLReading {
    func countOfTransactions(
        of organization: OrganizationID, before moment: Timestamp, last: Int
    ) throws(DatabaseError) -> Int {
        var (low, high) = (1, last + 1)
        while low < high {
            let middle = (low + high) / 2
            let rows = try query(
                "SELECT created_at FROM ledger_transaction WHERE organization_id = $1 AND seq = $2",
                [.text(organization.rawValue), .int(middle)])
            if let row = rows.first, try row.time(0) < moment { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
