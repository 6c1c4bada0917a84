import HTTPTypes
import Hummingbird
import NIOCore
import RushesWire

/// Liveness, readiness, metrics.
struct HealthRoutes: Sendable {
    let source: HealthSource

    func add(to endpoints: inout Endpoints) {
        let source = source
        endpoints.open(.get, "/healthz") { _ in
            try .json(HealthBody(status: "ok", checks: [:]))
        }
        endpoints.open(.get, "/readyz") { _ in
            let checks = await source.readiness()
            let isReady = checks.values.allSatisfy { $0 == "ok" }
            return try .json(
                HealthBody(status: isReady ? "ok" : "unavailable", checks: checks),
                status: isReady ? .ok : .serviceUnavailable, headers: isReady ? [:] : [.retryAfter: "1"])
        }
        endpoints.open(.get, "/metrics") { _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: source.metrics())))
        }
    }
}
