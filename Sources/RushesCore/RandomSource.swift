/// Random bits, injected so that a seed replays a run.
package protocol RandomSource: Sendable {
    /// The next 64 random bits.
    func next() -> UInt64
}

extension RandomSource {
    /// A number in `0 ..< bound`, for jitter; the bias is below 2^-32 for the small bounds used.
    package func below(_ bound: Int64) -> Int64 {
        precondition(bound > 0, "a bound is above zero")
        return Int64(next() % UInt64(bound))
    }
}

/// The SplitMix64 generator (Steele, Lea, Flood 2014): small, seeded, good enough for simulation and identifiers.
package struct SplitMix64: Sendable {
    private var state: UInt64

    /// A generator that repeats itself for the same seed.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
