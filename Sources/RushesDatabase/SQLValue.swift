/// A value of the two column types that both databases share, or NULL.
package enum SQLValue: Sendable, Hashable {
    case null
    /// A `BIGINT` column.
    case integer(Int64)
    /// A `TEXT` column.
    case text(String)

    /// An integer.
    package static func int(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    /// An integer, or NULL for nil.
    package static func optional(_ value: Int64?) -> SQLValue { value.map(SQLValue.integer) ?? .null }
    /// A text, or NULL for nil.
    package static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
    /// A flag as 0 or 1.
    package static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .text(value) }
}
