package import RushesDatabase

/// The schema, as the steps that lead to it.
package enum Schema {
    /// All steps, oldest first.
    package static let migrations: [Migration] = [
        Migration(1, "initial") { dialect in Schema.initial(dialect) }
    ]

    private static func initial(_ dialect: SQLDialect) -> [String] {
        switch dialect.name {
        case .sqlite: initialTables + initialIndexes + initialTriggersSQLite
        case .postgres: initialTables + initialIndexes
        }
    }
}
