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
        ids: ClockedIDs(now: now, words: SystemRandom.words), random: SystemRandom())

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

    /// 256 bytes, the most that the system gives at once (getentropy(3)).
    static func words() -> [UInt64] {
        var words = [UInt64](repeating: 0, count: 32)
        let status = words.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        precondition(status == 0, "the system has random bits")
        return words
    }
}
