import Metrics
import Synchronization

/// The series of requests, looked up by their labels once and kept.
final class RequestMeters: Sendable {
    private struct Labels: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Meters {
        let count: Counter
        let duration: Recorder
    }

    /// As many as there are routes, known methods and statuses that we answer.
    private let meters = Mutex<[Labels: Meters]>([:])

    /// Counts an answer: `rushes_http_requests_total` and `rushes_http_request_duration_ms`, which alerts rely on.
    func count(method: String, route: String, status: Int, milliseconds: Int64) {
        let labels = Labels(method: method, route: route, status: status)
        let series = meters.withLock { meters in
            if let known = meters[labels] { return known }
            let new = Meters(
                count: Counter(
                    label: "rushes_http_requests_total",
                    dimensions: [("method", method), ("route", route), ("status", "\(status)")]),
                duration: Recorder(label: "rushes_http_request_duration_ms", dimensions: [("route", route)]))
            meters[labels] = new
            return new
        }
        series.count.increment()
        series.duration.record(milliseconds)
    }
}
