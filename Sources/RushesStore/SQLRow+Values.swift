import RushesCore
import RushesDatabase

extension SQLValue {
    static func time(_ value: Timestamp) -> SQLValue { .integer(value.milliseconds) }
    static func time(_ value: Timestamp?) -> SQLValue { .optional(value?.milliseconds) }
}

extension SQLRow {
    func time(_ column: Int) throws(DatabaseError) -> Timestamp { Timestamp(milliseconds: try integer(column)) }
    func optionalTime(_ column: Int) throws(DatabaseError) -> Timestamp? {
        try optionalInteger(column).map { Timestamp(milliseconds: $0) }
    }
    func id<Kind: Identified>(_ column: Int, _ kind: Kind.Type) throws(DatabaseError) -> Identifier<Kind> {
        Identifier(trusted: try text(column))
    }
    func credits(_ column: Int) throws(DatabaseError) -> Credits { Credits(micros: try integer(column)) }
    func generationPrice(_ amount: Int, _ isBilledOnFailure: Int) throws(DatabaseError) -> GenerationPrice? {
        guard let micros = try optionalInteger(amount) else { return nil }
        return GenerationPrice(
            amount: Dollars(micros: micros), isBilledOnFailure: try integer(isBilledOnFailure) == 1)
    }
    func dollars(_ column: Int) throws(DatabaseError) -> Dollars { Dollars(micros: try integer(column)) }
    /// The case of an enum that a `TEXT` column names.
    func value<Value: RawRepresentable<String>>(_ column: Int, _ type: Value.Type) throws(DatabaseError) -> Value {
        let text = try text(column)
        guard let value = Value(rawValue: text) else { throw DatabaseError(.decoding, "\(text) is no \(type)") }
        return value
    }
    /// The case of an enum that a `TEXT` column names; nil for NULL.
    func optionalValue<Value: RawRepresentable<String>>(
        _ column: Int, _ type: Value.Type
    ) throws(DatabaseError) -> Value? {
        try optionalText(column) == nil ? nil : try value(column, type)
    }
}
