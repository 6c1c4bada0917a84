/// Millionths as percents with two decimals, rounded down: 99.999 % is not 100 %; `-` for none.
func percent(_ ppm: Int?) -> String {
    guard let ppm else { return "-" }
    let hundredths = ppm / 100
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
}
