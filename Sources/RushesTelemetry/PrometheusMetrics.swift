package import CoreMetrics
import Synchronization

/// A registry of metrics that prints itself in Prometheus' text format, for `GET /metrics`.
///
/// Names are made Prometheus' own: `lane.open_tasks` becomes `lane_open_tasks`, counters end in `_total`, timers in
/// `_seconds`. Timers and recorders become histograms with fixed buckets, meters and plain recorders become gauges.
package final class PrometheusMetrics: MetricsFactory {
    /// The media type of `exposition()`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    /// More label values than this for one name are a mistake (an identifier as a label); they are counted, not kept.
    package static let seriesPerNameMax = 1_000

    private let state = Mutex(Registry())

    /// An empty registry.
    package init() {}

    /// Everything measured so far, in text format 0.0.4, sorted by name and labels.
    package func exposition() -> String {
        state.withLock { $0.families }
            .sorted { $0.key < $1.key }
            .map { $0.value.exposition(name: $0.key) }
            .joined()
    }

    /// A counter; its name gets `_total`.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let name = PrometheusName.metric(label, suffix: "_total")
        return state.withLock { $0.instrument(name, label, .counter, dimensions) { PrometheusCounter() } }
            ?? NOOPMetricsHandler.instance
    }

    /// A gauge.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        let name = PrometheusName.metric(label)
        return state.withLock { $0.instrument(name, label, .gauge, dimensions) { PrometheusGauge() } }
            ?? NOOPMetricsHandler.instance
    }

    /// A histogram, or a gauge when the values are not to be aggregated.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let name = PrometheusName.metric(label)
        guard aggregate else {
            return state.withLock { $0.instrument(name, label, .gauge, dimensions) { PrometheusGauge() } }
                ?? NOOPMetricsHandler.instance
        }
        let bounds = PrometheusBuckets.bounds(forName: name)
        return state.withLock {
            $0.instrument(name, label, .histogram, dimensions) { PrometheusHistogram(bounds: bounds) }
        } ?? NOOPMetricsHandler.instance
    }

    /// A histogram of seconds; its name gets `_seconds`.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = PrometheusName.metric(label, suffix: "_seconds")
        let bounds = PrometheusBuckets.seconds
        return state.withLock {
            $0.instrument(name, label, .histogram, dimensions) { PrometheusHistogram(bounds: bounds) }
        } ?? NOOPMetricsHandler.instance
    }

    // Callers share an instrument by name and labels, so one caller's end does not end it; Prometheus expects a
    // series to stay for the life of the process.

    /// Keeps the series.
    package func destroyCounter(_ handler: any CounterHandler) {}
    /// Keeps the series.
    package func destroyMeter(_ handler: any MeterHandler) {}
    /// Keeps the series.
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Keeps the series.
    package func destroyTimer(_ handler: any TimerHandler) {}
}

/// The families by name.
private struct Registry {
    private static let droppedSeries = "metrics_dropped_series_total"

    var families: [String: PrometheusFamily] = [:]

    /// The instrument for a name and labels, made when it is new; nil when the name has too many series.
    mutating func instrument<Instrument: PrometheusInstrument>(
        _ name: String, _ label: String, _ kind: PrometheusFamily.Kind, _ dimensions: [(String, String)],
        make: () -> Instrument
    ) -> Instrument? {
        var name = name
        if let existing = families[name], existing.kind != kind {
            // One name has one type; a second use of it in another type stays visible under a name of its own.
            name += "_\(kind.rawValue)"
        }
        let labels = PrometheusName.labels(dimensions)
        var family = families[name] ?? PrometheusFamily(kind: kind, help: label)
        if let existing = family.series[labels] { return existing as? Instrument }
        guard family.series.count < PrometheusMetrics.seriesPerNameMax else {
            countDroppedSeries()
            return nil
        }
        let instrument = make()
        family.series[labels] = instrument
        families[name] = family
        return instrument
    }

    private mutating func countDroppedSeries() {
        let counter = instrument(Self.droppedSeries, "series not kept: too many labels", .counter, []) {
            PrometheusCounter()
        }
        counter?.increment(by: 1)
    }
}
