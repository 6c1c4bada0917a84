/// One measured number, what its ceiling was in the same minutes, and what was asked for.
struct Figure: Encodable {
    let name: String
    let value: Double
    let unit: String
    /// The best of the ceiling's measures before and after, in the same unit.
    var ceiling: Double?
    /// Ours to the ceiling: above 1 is slower for a time, faster for a rate.
    var ratio: Double?
    var goal: Goal?
    /// More about the value, for people.
    var note: String?

    /// True when there is no goal, or it is met by the ratio, or by the value of a figure without ceiling.
    var isMet: Bool? {
        goal.map { $0.isMet(by: ratio ?? value) }
    }

    /// What was asked for.
    enum Goal: Encodable {
        case atMost(Double)
        case atLeast(Double)

        func isMet(by value: Double) -> Bool {
            switch self {
            case .atMost(let limit): value <= limit
            case .atLeast(let limit): value >= limit
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name, value, unit, ceiling, ratio, goal, note
        case isMet = "goal_met"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(value, forKey: .value)
        try container.encode(unit, forKey: .unit)
        try container.encodeIfPresent(ceiling, forKey: .ceiling)
        try container.encodeIfPresent(ratio, forKey: .ratio)
        try container.encodeIfPresent(goal?.text, forKey: .goal)
        try container.encodeIfPresent(note, forKey: .note)
        try container.encodeIfPresent(isMet, forKey: .isMet)
    }
}

extension Figure.Goal {
    var text: String {
        switch self {
        case .atMost(let limit): "at most \(limit.short)"
        case .atLeast(let limit): "at least \(limit.short)"
        }
    }
}

extension Figure {
    static func peakMemory(of process: String, bytes: Int64) -> Figure {
        Figure(
            name: "peak memory of \(process)", value: Double(bytes) / 1_048_576, unit: "MiB", goal: .atMost(250))
    }
}

extension Double {
    /// As many digits as a reader can use.
    var short: String {
        if self == rounded() || self >= 100 { return String(Int64(rounded())) }
        let places = self >= 10 ? 10.0 : 100.0
        return String((self * places).rounded() / places)
    }
}
