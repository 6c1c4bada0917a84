package import RushesDatabase

/// The schema, as the steps that lead to it.
package enum Schema {
    /// All steps, oldest first.
    package static let migrations: [Migration] = [
        Migration(1, "initial") { dialect in Schema.initial(dialect) },
        Migration(2, "fair_share") { dialect in Schema.fairShare(dialect) },
        Migration(3, "lane_control") { dialect in Schema.laneControl(dialect) },
        Migration(4, "service_level") { dialect in Schema.serviceLevel(dialect) },
        Migration(5, "asset_images") { dialect in Schema.assetImages(dialect) },
        Migration(6, "credits") { dialect in Schema.credits(dialect) },
        Migration(7, "money_control") { dialect in
            Schema.budgets(dialect) + priceBookDates(dialect) + providerCharges(dialect)
        },
        Migration(8, "webhooks") { dialect in Schema.webhooks(dialect) },
        Migration(9, "invoices") { dialect in Schema.invoices(dialect) },
        Migration(10, "disputes") { dialect in Schema.disputes(dialect) },
        Migration(11, "webhook_queues") { _ in Schema.webhookQueues },
        Migration(12, "webhook_retention") { dialect in Schema.webhookRetention(dialect) + creditLineIndexes },
        Migration(13, "lots_as_drawn") { _ in lotsAsDrawn },
        Migration(14, "task_retention") { dialect in Schema.taskRetention(dialect) },
        Migration(15, "partial_disputes") { dialect in Schema.partialDisputes(dialect) },
        Migration(16, "failover") { dialect in Schema.failover(dialect) },
    ]

    private static func initial(_ dialect: SQLDialect) -> [String] {
        let seals = initialSeals.flatMap { $0.statements(dialect) }
        return switch dialect.name {
        case .sqlite: initialTables + initialIndexes + seals
        case .postgres:
            initialTables.map(dialect.typed) + initialIndexes
                + SchemaSeal.statementsPostgres(sealing: initialAppendOnlyTables + initialKeptTables) + seals
        }
    }
}

extension SQLDialect {
    /// A statement that makes columns, with the dialect's own word for their text type.
    func typed(_ statement: String) -> String {
        statement.replacing(" TEXT", with: " \(text)")
    }
}
