/// A series of ours, each between two measures of its ceiling. Disks and neighbours of a shared machine change within
/// seconds; what they do to a value they do to the better one of its two neighbours too.
struct Comparison {
    /// Whether more is better.
    enum Kind {
        case rate, time
    }

    private struct Value {
        let value: Double
        /// The measure of the ceiling before it; the one behind it follows.
        let ceiling: Int
    }

    let kind: Kind
    private var values: [Value] = []
    private var ceilings: [Double] = []

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// Adds a measure of the ceiling: the first of all, and one behind each of ours.
    mutating func addCeiling(_ value: Double) { ceilings.append(value) }

    /// Adds one of ours.
    mutating func add(_ value: Double) { values.append(Value(value: value, ceiling: ceilings.count - 1)) }

    /// The medians; the ratio is the median of the ratios.
    func figure(_ name: String, unit: String, goal: Figure.Goal? = nil) -> Figure {
        let best = values.map(best)
        let ratios = zip(values, best).map { $0.value / $1 }
        return Figure(
            name: name, value: values.map(\.value).median, unit: unit, ceiling: best.median, ratio: ratios.median,
            goal: goal, note: ratios.count > 1 ? ratios.map(\.short).joined(separator: " ") : nil)
    }

    private func best(_ value: Value) -> Double {
        let neighbours = ceilings[value.ceiling...min(value.ceiling + 1, ceilings.count - 1)]
        return switch kind {
        case .rate: neighbours.max() ?? 0
        case .time: neighbours.min() ?? 0
        }
    }
}
