import Logging
import RushesEngine
import ServiceLifecycle

/// Writes a heartbeat of this node three times a minute, so that every minute in which it answers has one.
struct Heartbeats: Service {
    let engine: Engine

    private static let pauseMilliseconds: Int64 = 20_000

    func run() async throws {
        let status = StatusService(engine)
        await engine.environment.repeatUntilStopped(pauseMilliseconds: Self.pauseMilliseconds) {
            do {
                try await status.beat()
            } catch {
                // The minute counts as down, unless another node writes one; `/readyz` tells what is wrong.
                engine.logger.debug("no heartbeat", metadata: ["error": "\(error)"])
            }
        }
    }
}
