import Glibc
import RushesCore
import Synchronization

/// The server's time, told from this machine's monotonic clock between two looks at it; shared by all connections.
final class DatabaseClock: Sendable {
    private struct Look {
        /// Server time minus monotonic time.
        let offset: Int64
        let at: Int64
    }

    private let look = Mutex<Look?>(nil)
    private static let staleMilliseconds: Int64 = 10_000

    /// Milliseconds of the monotonic clock.
    static var monotonic: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Notes the server's time as it was just read.
    func note(_ serverTime: Timestamp) {
        let now = Self.monotonic
        look.withLock { $0 = Look(offset: serverTime.milliseconds - now, at: now) }
    }

    /// The server's time; nil when it was not looked at for so long that clocks may have drifted apart.
    var now: Timestamp? {
        let now = Self.monotonic
        return look.withLock { look in
            guard let look, now - look.at <= Self.staleMilliseconds else { return nil }
            return Timestamp(milliseconds: now + look.offset)
        }
    }
}
