import RushesDatabase

/// The parameters `$1 ... $n` of a statement, checked to stand in order of first appearance, as on SQLite.
struct ParameterNames {
    /// How many there are.
    let count: Int

    /// Looks through a statement; text in quotes is left out.
    ///
    /// - Throws: `DatabaseError` of kind `invalidStatement`.
    init(of sql: String) throws(DatabaseError) {
        var highest = 0
        var quote: UInt8?
        var number: Int?
        for byte in Array(sql.utf8) + [0] {
            if let digits = number {
                if (48...57).contains(byte) {
                    number = digits * 10 + Int(byte - 48)
                    continue
                }
                // A `$` without a number quotes the body of a function.
                guard digits == 0 || (1...highest + 1).contains(digits) else {
                    throw DatabaseError(.invalidStatement, "parameter \(highest + 1) is not $\(highest + 1): \(sql)")
                }
                highest = max(highest, digits)
                number = nil
            }
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == 39 || byte == 34 {
                quote = byte
            } else if byte == 36 {
                number = 0
            }
        }
        count = highest
    }
}
