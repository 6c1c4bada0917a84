import Logging
package import RushesEngine

/// What the routes of the API work with.
package struct EdgeServices: Sendable {
    let batches: BatchService
    let credits: CreditService
    let access: AccessService
    let environment: RushesEngine.Environment
    let readiness: @Sendable () async -> [String: String]
    let metrics: @Sendable () -> String

    /// The services of an engine; `metrics` gives the text of `/metrics`.
    package init(_ engine: Engine, metrics: @escaping @Sendable () -> String) {
        batches = BatchService(engine)
        credits = CreditService(engine)
        access = AccessService(engine)
        environment = engine.environment
        readiness = { await Readiness(engine: engine).checks() }
        self.metrics = metrics
    }
}

/// Whether the parts that every request needs can be used now.
private struct Readiness: Sendable {
    let engine: Engine

    /// Each part with `ok` or what is wrong.
    func checks() async -> [String: String] {
        await ["database": outcome(databaseCheck), "blobs": outcome { try await engine.blobs.checkWritable() }]
    }

    private func databaseCheck() async throws {
        _ = try await BatchService(engine).priceBook()
    }

    private func outcome(_ check: () async throws -> Void) async -> String {
        do {
            try await check()
            return "ok"
        } catch {
            engine.logger.error("not ready", metadata: ["error": "\(error)"])
            return "unavailable"
        }
    }
}
