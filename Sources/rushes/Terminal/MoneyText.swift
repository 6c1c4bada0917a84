/// An amount of micro-units as dollars, exactly and never rounded: `$1,990.04`, `-$0.49`, `$0.000001`.
func dollars(_ micros: Int64) -> String {
    let magnitude = micros.magnitude
    var decimals = String(magnitude % 1_000_000)
    decimals = String(repeating: "0", count: 6 - decimals.count) + decimals
    while decimals.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
    return (micros < 0 ? "-$" : "$") + grouped(magnitude / 1_000_000) + "." + decimals
}

/// An amount with its sign, for columns of changes: `+$2.94`, `-$0.49`.
func signedDollars(_ micros: Int64) -> String {
    micros > 0 ? "+" + dollars(micros) : dollars(micros)
}

private func grouped(_ number: UInt64) -> String {
    let digits = Array(String(number))
    return digits.enumerated().reduce(into: "") { text, item in
        if item.offset > 0, (digits.count - item.offset).isMultiple(of: 3) { text.append(",") }
        text.append(item.element)
    }
}
