import RushesDatabase

/// Values for `IN (...)`, filled up with a value that names nothing to a power of two, so that there are few different
/// statements to prepare.
struct SQLList {
    /// The numbers of the parameters.
    let numbers: Range<Int>
    /// The values, one for each parameter.
    let values: [SQLValue]

    /// A list whose first parameter has this number.
    init(_ texts: [String], from first: Int = 1) {
        var count = 1
        while count < texts.count { count *= 2 }
        numbers = first..<(first + count)
        values = texts.map { .text($0) } + Array(repeating: .text(""), count: count - texts.count)
    }

    /// The parameters, for between the brackets.
    var places: String { numbers.map { "$\($0)" }.joined(separator: ", ") }
}

extension SQLDialect {
    /// `forUpdate` that passes by rows which another transaction has locked, instead of waiting for it.
    var forUpdateSkippingLocked: String {
        switch name {
        case .sqlite: forUpdate
        case .postgres: forUpdate + " SKIP LOCKED"
        }
    }

    /// `forUpdate` for several rows, locked in one order by everybody: two transactions then never wait in a circle.
    func forUpdate(orderedBy column: String) -> String {
        switch name {
        case .sqlite: forUpdate
        case .postgres: " ORDER BY \(column)" + forUpdate
        }
    }
}
