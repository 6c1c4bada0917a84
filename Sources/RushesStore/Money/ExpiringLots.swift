package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Organizations that have a lot with free credits past its date, the oldest date first.
    package func organizationsWithExpiredLots(limit: Int) throws(DatabaseError) -> [OrganizationID] {
        let rows = try query(
            """
            SELECT organization_id FROM lot WHERE expires_at IS NOT NULL AND available_micros > 0 AND expires_at <= $1
            ORDER BY expires_at, id LIMIT $2
            """, [.time(now), .int(limit)])
        var found: [OrganizationID] = []
        for row in rows {
            let organization = try row.id(0, OrganizationIdentity.self)
            if !found.contains(organization) { found.append(organization) }
        }
        return found
    }

    /// Lots of an organization with free credits past their date, in the order of drawing.
    fileprivate func expiredLots(of organization: OrganizationID) throws(DatabaseError) -> [Lot] {
        try query(
            """
            SELECT \(lotColumns) FROM lot WHERE organization_id = $1 AND available_micros > 0
              AND expires_at IS NOT NULL AND \(endOfLot) <= $2
            ORDER BY priority, \(endOfLot), sequence LIMIT $3
            """, [.text(organization.rawValue), .time(now), .int(Limits.lotsPerExpiryStepMax)]
        ).map { row throws(DatabaseError) in try row.lot() }
    }
}

extension SQLTransaction {
    /// Takes out of a locked wallet what is past its date, a posting for each lot; answers how many lots there were.
    package func expireLots(of wallet: inout WalletRow, ids: any IDSource) throws(DatabaseError) -> Int {
        var expired = 0
        for var lot in try expiredLots(of: wallet.organization) {
            guard let date = lot.expiresAt, let amount = lot.expire(at: now) else { continue }
            try save([lot])
            wallet.available -= amount
            _ = try post(LedgerTransaction.expiry(of: lot.id, at: date, amount), to: &wallet, ids: ids)
            expired += 1
        }
        // What a credit line's lot had left can be granted again, for the month that has begun.
        if expired > 0 { try openCreditLine(of: &wallet, ids: ids) }
        return expired
    }
}
