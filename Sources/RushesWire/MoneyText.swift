/// Amounts of micro-units for people: exact and never rounded, with two to six decimals.
public enum MoneyText {
    /// `1,990.04`, `-0.49`, `0.000001`.
    public static func plain(_ micros: Int64) -> String { (micros < 0 ? "-" : "") + magnitude(micros) }

    /// `$1,990.04`, `-$0.49`, `$0.000001`.
    public static func dollars(_ micros: Int64) -> String { (micros < 0 ? "-$" : "$") + magnitude(micros) }

    private static func magnitude(_ micros: Int64) -> String {
        let magnitude = micros.magnitude
        var decimals = String(magnitude % 1_000_000)
        decimals = String(repeating: "0", count: 6 - decimals.count) + decimals
        while decimals.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
        return grouped(magnitude / 1_000_000) + "." + decimals
    }

    private static func grouped(_ number: UInt64) -> String {
        let digits = Array(String(number))
        return digits.enumerated().reduce(into: "") { text, item in
            if item.offset > 0, (digits.count - item.offset).isMultiple(of: 3) { text.append(",") }
            text.append(item.element)
        }
    }
}
