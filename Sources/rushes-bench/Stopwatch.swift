/// Wall time of a piece of work, and what a series of them says.
enum Stopwatch {
    static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start).inSeconds
    }

    static func seconds(_ work: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start).inSeconds
    }
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}

extension [Double] {
    /// The middle of a series; the lower one of two.
    var median: Double {
        precondition(!isEmpty, "a series has a value")
        return sorted()[(count - 1) / 2]
    }

    /// The value below which so many of a hundred lie.
    func percentile(_ share: Int) -> Double {
        precondition(!isEmpty, "a series has a value")
        return sorted()[Swift.min(count - 1, count * share / 100)]
    }
}
