package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What invoices say of a customer: its own words, or its name where it has not given any; nil for an organization
    /// that does not exist.
    package func billingProfile(of organization: OrganizationID) throws(DatabaseError) -> BillingProfile? {
        let rows = try query(
            """
            SELECT o.name, p.name, p.address, p.tax_id, p.tax_rate_basis_points
            FROM organization o LEFT JOIN billing_profile p ON p.organization_id = o.id WHERE o.id = $1
            """, [.text(organization.rawValue)])
        return try rows.first.map { row throws(DatabaseError) in
            guard let name = try row.optionalText(1) else { return BillingProfile(name: try row.text(0)) }
            let address = try row.text(2)
            return BillingProfile(
                name: name, addressLines: address.isEmpty ? [] : address.split(separator: "\n").map(String.init),
                taxID: try row.optionalText(3), taxRate: TaxRate(trusted: try row.int(4)))
        }
    }
}

extension SQLTransaction {
    /// Writes what invoices say of a customer from now on.
    package func save(_ profile: BillingProfile, of organization: OrganizationID) throws(DatabaseError) {
        try execute(
            """
            INSERT INTO billing_profile (organization_id, name, address, tax_id, tax_rate_basis_points, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (organization_id) DO UPDATE SET name = excluded.name, address = excluded.address,
              tax_id = excluded.tax_id, tax_rate_basis_points = excluded.tax_rate_basis_points,
              changed_at = excluded.changed_at
            """,
            [
                .text(organization.rawValue), .text(profile.name), .text(profile.addressLines.joined(separator: "\n")),
                .optional(profile.taxID), .int(profile.taxRate.basisPoints), .time(now),
            ])
    }
}
