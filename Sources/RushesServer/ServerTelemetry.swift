import CoreMetrics
package import Logging
import RushesCore
package import RushesTelemetry

/// Logs as JSON lines on stderr and metrics for `/metrics`, set up once for the whole process.
package enum ServerTelemetry {
    /// Makes the process's logger and metrics; call it once, before anything logs.
    package static func bootstrap(level: Logger.Level) -> (logger: Logger, metrics: PrometheusMetrics) {
        LoggingSystem.bootstrap { label in
            var handler = JSONLogHandler(label: label, now: { Timestamp.now.rfc3339 })
            handler.logLevel = level
            return handler
        }
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        return (Logger(label: "rushes"), metrics)
    }
}
