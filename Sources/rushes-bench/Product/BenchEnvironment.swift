import Foundation
import RushesCore
import RushesEngine

extension RushesEngine.Environment {
    /// Real time and the system's random numbers, as in production.
    static let bench = RushesEngine.Environment(
        now: { Timestamp.wallClock },
        elapsedMilliseconds: { [start = ContinuousClock.now] in start.duration(to: .now).wholeMilliseconds },
        sleep: { milliseconds in try await Task.sleep(for: .milliseconds(milliseconds)) },
        ids: SystemIDs(), random: SystemRandom())
}

extension Timestamp {
    fileprivate static var wallClock: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
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
        return Identifier(at: .wallClock, randomHigh: generator.next(), randomLow: generator.next())
    }
}
