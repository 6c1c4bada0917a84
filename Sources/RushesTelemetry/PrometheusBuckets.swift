/// The bounds of the histograms. Fixed, so that figures of two nodes and two months can be added.
enum PrometheusBuckets {
    /// From a fast request to a slow video. 120 and 600 are the promised times of the two models, so that the share
    /// inside the promise can be read off exactly.
    static let seconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90, 120, 180, 300, 600, 900,
        1_800,
    ]

    private static let milliseconds = seconds.map { $0 * 1_000 }

    /// 1, 2, 5, 10 ... a million: counts and sizes.
    private static let counts: [Double] =
        [1, 10, 100, 1_000, 10_000, 100_000].flatMap { [$0, $0 * 2, $0 * 5] } + [1_000_000]

    /// By the unit at the end of the name.
    static func bounds(forName name: String) -> [Double] {
        if name.hasSuffix("_seconds") { return seconds }
        if name.hasSuffix("_ms") || name.hasSuffix("_milliseconds") { return milliseconds }
        return counts
    }
}
