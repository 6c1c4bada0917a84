/// How long many things took, as counts over spans of time: exact in number, known to about a tenth in time, and of
/// bounded size however many they are.
package struct LatencyCounts: Sendable, Equatable {
    /// From a quarter of a second to 12 days.
    private static let spans = TimeSpans(octaves: 8..<30)
    private var counts: [Int: Int] = [:]

    /// Nothing counted yet.
    package init() {}

    /// Counts as they stand in the database, `span:count` with commas; nil for what is no such text.
    package init?(_ text: String) {
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2, (0..<Self.spans.count).contains(parts[0]), parts[1] > 0,
                counts.updateValue(parts[1], forKey: parts[0]) == nil
            else { return nil }
        }
    }

    /// The counts as they are to stand in the database.
    package var text: String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
    }

    /// How many were counted.
    package var total: Int { counts.values.reduce(0, +) }

    /// Counts one that took so many milliseconds.
    package mutating func record(milliseconds: Int64) {
        counts[Self.spans.index(of: max(0, milliseconds)), default: 0] += 1
    }

    /// Counts everything that another one has counted.
    package mutating func add(_ other: LatencyCounts) {
        counts.merge(other.counts) { $0 + $1 }
    }

    /// Milliseconds within which at least so many thousandths had ended, as the end of a span; nil when nothing was
    /// counted.
    package func quantile(permille: Int) -> Int64? {
        let total = total
        var sum = 0
        for (span, count) in counts.sorted(by: { $0.key < $1.key }) {
            sum += count
            if sum * 1_000 >= total * permille { return Self.spans.bounds(of: span).end }
        }
        return nil
    }
}
