import Foundation
import RushesCore
import RushesEngine

/// Real time and the system's random numbers, as in production.
enum BenchEnvironment {
    @Sendable static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    static let real = RushesEngine.Environment(
        now: now, sleep: { milliseconds in try await Task.sleep(for: .milliseconds(milliseconds)) },
        ids: SystemIDs(), random: SystemRandom())

    /// For measures that are paced by a pause.
    static func pause(milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}

private struct SystemRandom: RandomSource {
    func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

private struct SystemIDs: IDSource {
    func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> {
        var generator = SystemRandomNumberGenerator()
        return Identifier(at: BenchEnvironment.now(), randomHigh: generator.next(), randomLow: generator.next())
    }
}
