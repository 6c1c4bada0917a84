/// One row of a query's answer, read by column position in the order of the SELECT.
package struct SQLRow: Sendable, Equatable {
    /// The values in the order of the SELECT.
    package let values: [SQLValue]

    /// A row from its values.
    package init(_ values: [SQLValue]) {
        self.values = values
    }

    /// The integer in a column that is declared NOT NULL.
    ///
    /// - Throws: `DatabaseError` of kind `decoding` when it is something else.
    package func integer(_ column: Int) throws(DatabaseError) -> Int64 {
        guard case .integer(let value) = values[column] else { throw unexpected(column, "BIGINT") }
        return value
    }

    /// The integer in a column, as `Int`.
    package func int(_ column: Int) throws(DatabaseError) -> Int {
        Int(try integer(column))
    }

    /// The text in a column that is declared NOT NULL.
    ///
    /// - Throws: `DatabaseError` of kind `decoding` when it is something else.
    package func text(_ column: Int) throws(DatabaseError) -> String {
        guard case .text(let value) = values[column] else { throw unexpected(column, "TEXT") }
        return value
    }

    /// The integer in a column, or nil for NULL.
    package func optionalInteger(_ column: Int) throws(DatabaseError) -> Int64? {
        if case .null = values[column] { return nil }
        return try integer(column)
    }

    /// The text in a column, or nil for NULL.
    package func optionalText(_ column: Int) throws(DatabaseError) -> String? {
        if case .null = values[column] { return nil }
        return try text(column)
    }

    private func unexpected(_ column: Int, _ wanted: String) -> DatabaseError {
        DatabaseError(.decoding, "column \(column): \(values[column]) is no \(wanted)")
    }
}
