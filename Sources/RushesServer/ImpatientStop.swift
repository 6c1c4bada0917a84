import Foundation
import Logging
import UnixSignals

/// Ends the process at once when the order to stop comes a second time. What was under way is then taken up by other
/// nodes, or at the next start, like after a power cut.
enum ImpatientStop {
    /// Waits for the second signal; returns when the task is cancelled.
    static func watch(_ logger: Logger) async {
        var signals = 0
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            signals += 1
            guard signals > 1 else { continue }
            logger.warning("second signal: ending at once", metadata: ["signal": "\(signal)"])
            // The number that a shell shows for a process that a signal ended.
            _exit(128 + (signal == .sigint ? SIGINT : SIGTERM))
        }
    }
}
