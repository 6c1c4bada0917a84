/// A query with the reading of its rows, to be run by itself or among others.
package struct SingleQuery<Result: Sendable>: Sendable {
    /// The query; its parameters `$1 ... $n` stand in order of first appearance.
    package let sql: String
    /// The parameters.
    package let values: [SQLValue]
    /// What the rows mean.
    package let reading: @Sendable ([SQLRow]) throws(DatabaseError) -> Result

    /// A query from its parts.
    package init(
        _ sql: String, _ values: [SQLValue],
        reading: @escaping @Sendable ([SQLRow]) throws(DatabaseError) -> Result
    ) {
        self.sql = sql
        self.values = values
        self.reading = reading
    }
}

extension SQLReading {
    /// Runs a query in this transaction.
    ///
    /// - Throws: `DatabaseError`.
    package func read<Result: Sendable>(_ query: SingleQuery<Result>) throws(DatabaseError) -> Result {
        try query.reading(self.query(query.sql, query.values))
    }
}
