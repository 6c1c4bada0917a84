/// How names, labels and numbers are written in the text format.
enum PrometheusName {
    /// A label of swift-metrics as a metric name: foreign characters become `_`, a missing suffix is added.
    static func metric(_ label: String, suffix: String = "") -> String {
        let name = identifier(label, allowsColon: true)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// Labels as they stand between the braces, sorted by name. Of two with the same name the last one counts.
    static func labels(_ dimensions: [(String, String)]) -> String {
        let byName = dimensions.reduce(into: [String: String]()) { result, dimension in
            // `le` belongs to histograms.
            let name = identifier(dimension.0, allowsColon: false)
            result[name == "le" ? "le_" : name] = dimension.1
        }
        return byName.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(escaped(labelValue: $0.value))\"" }
            .joined(separator: ",")
    }

    /// Escapes backslash and line feed.
    static func escaped(help: String) -> String {
        help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    /// A number as Prometheus reads it: whole numbers without fraction, `+Inf`, `-Inf`, `NaN`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func escaped(labelValue: String) -> String {
        escaped(help: labelValue).replacing("\"", with: "\\\"")
    }

    private static func identifier(_ text: String, allowsColon: Bool) -> String {
        let allowed = text.unicodeScalars.map { scalar -> Character in
            let isAllowed =
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                || scalar == "_" || (allowsColon && scalar == ":")
            return isAllowed ? Character(scalar) : "_"
        }
        guard let first = allowed.first else { return "_" }
        return first.isNumber ? "_" + String(allowed) : String(allowed)
    }
}
