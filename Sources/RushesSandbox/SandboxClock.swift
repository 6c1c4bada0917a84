import Foundation
import Synchronization

/// Milliseconds since 1970 UTC.
package typealias UnixMilliseconds = Int64

/// Reads the time and never goes backwards, because a job's status must not when somebody sets the machine's clock.
final class SandboxClock: Sendable {
    private let source: @Sendable () -> UnixMilliseconds
    private let latest = Mutex<UnixMilliseconds>(0)

    init(source: @escaping @Sendable () -> UnixMilliseconds) {
        self.source = source
    }

    static let wall: @Sendable () -> UnixMilliseconds = { UnixMilliseconds(Date().timeIntervalSince1970 * 1000) }

    func now() -> UnixMilliseconds {
        let reading = source()
        return latest.withLock { latest in
            latest = max(latest, reading)
            return latest
        }
    }
}
