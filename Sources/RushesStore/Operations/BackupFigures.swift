package import RushesCore
package import RushesDatabase

/// Where a wallet's ledger stands: its last transaction and the hash that covers all before it.
package struct ChainHead: Sendable, Equatable {
    /// Whose ledger.
    package let organization: OrganizationID
    /// The number of the last transaction; 0 before the first.
    package let sequence: Int
    /// The hash of that transaction.
    package let hash: String
}

extension SQLReading {
    /// How many rows each table has. It reads them all: for a restored copy, never for a database that serves.
    package func rowCounts() throws(DatabaseError) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for table in try tableNames() {
            counts[table] = try query("SELECT COUNT(*) FROM \(table)", [])[0].integer(0)
        }
        return counts
    }

    /// Where the ledgers stand, in the order of their organizations, after one of them; empty text for the first page.
    package func chainHeads(after organization: String, limit: Int) throws(DatabaseError) -> [ChainHead] {
        try query(
            """
            SELECT organization_id, ledger_seq, chain_head FROM wallet WHERE organization_id > $1
            ORDER BY organization_id LIMIT $2
            """, [.text(organization), .int(limit)]
        ).map { row throws(DatabaseError) in
            ChainHead(
                organization: try row.id(0, OrganizationIdentity.self), sequence: try row.int(1), hash: try row.text(2))
        }
    }

    /// The hash of one transaction of a ledger; nil when there is none of that number.
    package func ledgerHash(of organization: OrganizationID, sequence: Int) throws(DatabaseError) -> String? {
        try query(
            "SELECT hash FROM ledger_transaction WHERE organization_id = $1 AND seq = $2",
            [.text(organization.rawValue), .int(sequence)]
        ).first?.text(0)
    }

    /// The tables that are there, whichever program made them.
    package func tableNames() throws(DatabaseError) -> [String] {
        let sql =
            switch dialect.name {
            case .sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
            case .postgres:
                "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
            }
        return try query(sql, []).map { row throws(DatabaseError) in try row.text(0) }
    }
}
