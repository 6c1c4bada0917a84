extension Schema {
    /// What a role that runs servers may do with a table; the owner of the tables, who may do more, runs migrations.
    package enum Access: Sendable {
        /// Rows are added and never change.
        case append
        /// Rows are added and change; they are never deleted.
        case change
        /// Rows are added, never change, and go once their time is over.
        case pass
        /// Rows are added and change, and go once their time is over.
        case fade
        /// Rows are only read.
        case read

        fileprivate var privileges: String {
            switch self {
            case .append: "SELECT, INSERT"
            case .change: "SELECT, INSERT, UPDATE"
            case .pass: "SELECT, INSERT, DELETE"
            case .fade: "SELECT, INSERT, UPDATE, DELETE"
            case .read: "SELECT"
            }
        }
    }

    /// Every table of the newest schema, with what a server needs of it.
    package static let access: [(table: String, access: Access)] =
        (initialAppendOnlyTables + creditAppendOnlyTables + invoiceAppendOnlyTables + providerChargeTables
        + laneAppendOnlyTables
        + webhookAppendOnlyTables.filter { !webhookOnceAppendOnlyTables.contains($0) })
        .filter { !taskRetentionPassingTables.contains($0) }.map { ($0, .append) }
        + (passingTables + taskRetentionPassingTables).map { ($0, .pass) }
        + (initialKeptTables + creditKeptTables + budgetKeptTables + webhookKeptTables + invoiceKeptTables
        + disputeKeptTables + taskRetentionKeptTables)
        .filter { !fadingTables.contains($0) }.map { ($0, .change) } + fadingTables.map { ($0, .fade) }
        + [
            ("api_key", .change), ("lane", .change), ("lane_share", .change), ("provider_account", .change),
            ("service_level", .change), ("api_minute", .change), ("webhook_message", .change),
            ("schema_migration", .read),
        ]

    /// The statements that give a role of PostgreSQL what a server needs and nothing else: it cannot empty or change a
    /// table, or delete where nothing is to go, nor switch its triggers off, so that the seals hold against the server
    /// itself.
    ///
    /// They are run by the tables' owner, after each migration; running them again changes nothing.
    package static func grants(to role: String) -> [String] {
        let name = "\"\(role.replacing("\"", with: "\"\""))\""
        return ["REVOKE ALL ON ALL TABLES IN SCHEMA public FROM \(name)", "GRANT USAGE ON SCHEMA public TO \(name)"]
            + access.map { "GRANT \($0.access.privileges) ON \($0.table) TO \(name)" }
    }
}
