import Logging
import RushesEngine
import ServiceLifecycle

/// The first thing that happens at a stop: the node says that it is not ready, and goes on answering until whoever
/// sends requests here has noticed.
struct Departure: Service {
    let readiness: Readiness
    let delaySeconds: Int
    let environment: RushesEngine.Environment
    let logger: Logger

    func run() async throws {
        // Its only error is cancellation, which ends the wait as well.
        try? await gracefulShutdown()
        readiness.leave()
        logger.notice("stopping", metadata: ["intake_ends_in_s": "\(delaySeconds)"])
        if delaySeconds > 0 { try? await environment.sleep(Int64(delaySeconds) * 1_000) }  // As above.
    }
}
