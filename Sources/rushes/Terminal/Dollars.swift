import RushesWire

/// An amount of micro-units as dollars, exactly and never rounded: `$1,990.04`, `-$0.49`, `$0.000001`.
func dollars(_ micros: Int64) -> String { MoneyText.dollars(micros) }

/// An amount with its sign, for columns of changes: `+$2.94`, `-$0.49`.
func signedDollars(_ micros: Int64) -> String {
    micros > 0 ? "+" + dollars(micros) : dollars(micros)
}
