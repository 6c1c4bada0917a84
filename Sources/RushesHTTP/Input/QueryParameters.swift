import RushesCore
import RushesWire

/// The query of a request, read strictly: a misspelt `dry_run` must not start a real batch.
struct QueryParameters {
    private var values: [String: String] = [:]

    /// Reads a query.
    ///
    /// - Throws: `Problem`: 400 for text that is not percent-encoded UTF-8, 422 for unknown or repeated parameters.
    init(_ query: String?, allowed: Set<String>) throws(Problem) {
        for pair in (query ?? "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(sides[0])
            guard allowed.contains(name) else {
                throw .invalid(parameter: String(name.prefix(64)), "unknown_parameter", "there is no such parameter")
            }
            let value = try sides.count == 2 ? Self.decoded(sides[1]) : ""
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalid(parameter: name, "repeated_parameter", "the parameter is given twice")
            }
        }
    }

    /// A parameter's text; nil when it is missing.
    subscript(_ name: String) -> String? { values[name] }

    /// True for `true`, false for `false` or a missing parameter.
    func flag(_ name: String) throws(Problem) -> Bool {
        switch values[name] {
        case "true": return true
        case "false", nil: return false
        case .some: throw .invalid(parameter: name, "invalid_value", "\(name) is true or false")
        }
    }

    /// An integer of a range, or nil when the parameter is missing.
    func integer(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text), range.contains(value), !text.hasPrefix("+") else {
            throw .invalid(
                parameter: name, "invalid_value",
                "\(name) is an integer between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }

    /// How many items the caller wants on a page.
    func limit() throws(Problem) -> Int {
        try integer("limit", 1...Limits.pageItemsMax) ?? Limits.pageItemsDefault
    }

    private static func decoded(_ text: Substring) throws(Problem) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst(), let low = rest.popFirst(),
                    let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16),
                    high != UInt8(ascii: "+")
                else { throw .malformed("malformed_query", "the query is not percent-encoded") }
                bytes.append(value)
            default: bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw .malformed("malformed_query", "the query is not UTF-8")
        }
        return decoded
    }
}
