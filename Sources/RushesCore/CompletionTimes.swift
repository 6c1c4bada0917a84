/// How long a lane's jobs have taken lately, as counts over spans of time: bounded in size, and old counts fade.
///
/// A span is an eighth of an octave, so that every figure is known to about a tenth, from half a second to an hour.
package struct CompletionTimes: Sendable, Equatable {
    private var counts: [Int]
    /// The counts of all spans up to each.
    private var sums: [Int]
    /// Jobs that are counted.
    package var total: Int { sums[Self.spans.count - 1] }

    private static let spans = TimeSpans(octaves: 9..<22)
    /// At so many jobs all counts are halved.
    package static let totalMax = 160
    /// Fewer jobs say too little.
    private static let totalMin = 20

    /// Nothing counted yet.
    package init() {
        counts = Array(repeating: 0, count: Self.spans.count)
        sums = counts
    }

    /// Counts as they stand in the database, `span:count` with commas; what cannot be read counts as nothing.
    package init(_ text: String?) {
        self.init()
        for pair in (text ?? "").split(separator: ",") {
            let parts = pair.split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2, counts.indices.contains(parts[0]), (1...Self.totalMax).contains(parts[1]) else {
                continue
            }
            counts[parts[0]] = parts[1]
        }
        addUp()
    }

    private mutating func addUp() {
        var sum = 0
        for index in counts.indices {
            sum += counts[index]
            sums[index] = sum
        }
    }

    /// The counts as they are to stand in the database.
    package var text: String {
        counts.enumerated().filter { $0.element > 0 }.map { "\($0.offset):\($0.element)" }.joined(separator: ",")
    }

    /// True when there are enough of them to go by.
    package var isTelling: Bool { total >= Self.totalMin }

    /// Counts a job that took so many milliseconds.
    package mutating func record(milliseconds: Int64) {
        counts[Self.spans.index(of: milliseconds)] += 1
        if total + 1 >= Self.totalMax { for index in counts.indices { counts[index] /= 2 } }
        addUp()
    }

    /// Thousandths of jobs that had ended after so many milliseconds; within a span they are spread evenly.
    package func endedMilli(after milliseconds: Int64) -> Int64 {
        if milliseconds <= 0 { return 0 }
        let span = Self.spans.index(of: milliseconds)
        let before = Int64(sums[span] - counts[span]) * 1_000
        let (start, end) = Self.spans.bounds(of: span)
        let part = min(max(milliseconds - start, 0), end - start)
        return before + Int64(counts[span]) * 1_000 * part / (end - start)
    }

    /// Milliseconds within which so many thousandths of the jobs had ended: the end of a span.
    package func quantile(permille: Int) -> Int64 {
        let span = sums.firstIndex { $0 > 0 && $0 * 1_000 >= total * permille } ?? Self.spans.count - 1
        return Self.spans.bounds(of: span).end
    }
}
