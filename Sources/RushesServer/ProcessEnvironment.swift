import Foundation
import RushesCore
package import RushesEngine

extension RushesEngine.Environment {
    /// The real world: the system's clock, time and random numbers.
    package static let process = RushesEngine.Environment(
        now: { .now },
        elapsedMilliseconds: { [start = ContinuousClock.now] in start.duration(to: .now).wholeMilliseconds },
        sleep: { milliseconds in try await Task.sleep(for: .milliseconds(milliseconds)) },
        ids: ClockedIDs(now: { .now }, words: SystemRandom.words), random: SystemRandom())
}

extension Timestamp {
    /// The wall clock.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Random bits of the operating system, good enough for secrets.
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
