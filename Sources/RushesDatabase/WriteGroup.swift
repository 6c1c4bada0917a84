package import RushesCore

/// Writes that may share a transaction on a database with many writers, because they take the same first lock.
///
/// Writes without a group, or of different groups, may lock the same rows in opposite orders once they are chained in
/// one transaction; those of one group are one after the other anyway. SQLite has one writer and lets all writes
/// share.
package struct WriteGroup: Sendable, Hashable {
    /// The row that all its writes lock first.
    package let name: String

    private init(_ name: String) {
        self.name = name
    }

    /// Writes that lock this wallet first, and after it nothing but rows that they add.
    package static func wallet(of organization: OrganizationID) -> WriteGroup {
        WriteGroup("wallet:\(organization.rawValue)")
    }
}
