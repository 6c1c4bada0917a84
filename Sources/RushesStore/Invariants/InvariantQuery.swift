import RushesDatabase

/// A query whose every row is a violation: the subject in the first column, figures in the others.
struct InvariantQuery {
    let invariant: Invariant
    let sql: String
    let names: [String]

    init(_ invariant: Invariant, naming names: [String], _ sql: String) {
        self.invariant = invariant
        self.names = names
        self.sql = sql
    }

    func violations(in reader: any SQLReading, _ values: [SQLValue]) throws(DatabaseError) -> [InvariantViolation] {
        try reader.query(sql + " LIMIT 100", values).map { row throws(DatabaseError) in
            let figures = zip(names, row.values.dropFirst()).map { "\($0) \($1.shown)" }
            return InvariantViolation(invariant, try row.text(0), figures.joined(separator: ", "))
        }
    }
}

extension SQLValue {
    fileprivate var shown: String {
        switch self {
        case .null: "nothing"
        case .integer(let value): String(value)
        case .text(let value): value
        }
    }
}
