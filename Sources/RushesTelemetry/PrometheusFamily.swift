/// All series of one name: they share type and help.
struct PrometheusFamily: Sendable {
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    let kind: Kind
    let help: String
    /// By the text of their labels, such as `model="sora-2"`; empty text without labels.
    var series: [String: any PrometheusInstrument] = [:]

    init(kind: Kind, help: String) {
        self.kind = kind
        self.help = help
    }

    func exposition(name: String) -> String {
        var text = "# HELP \(name) \(PrometheusName.escaped(help: help))\n# TYPE \(name) \(kind.rawValue)\n"
        for (labels, instrument) in series.sorted(by: { $0.key < $1.key }) {
            for sample in instrument.samples() {
                let all = [labels, sample.label].filter { !$0.isEmpty }.joined(separator: ",")
                text += name + sample.suffix + (all.isEmpty ? "" : "{\(all)}") + " \(sample.value)\n"
            }
        }
        return text
    }
}

/// One line of the text format, but for the name and the labels of its series.
struct PrometheusSample: Sendable, Equatable {
    /// Behind the name: empty, `_bucket`, `_sum` or `_count`.
    var suffix = ""
    /// A label of this line alone: `le="0.1"`, or empty.
    var label = ""
    let value: String
}

/// Something with a current state.
protocol PrometheusInstrument: AnyObject, Sendable {
    func samples() -> [PrometheusSample]
}
