import CoreMetrics
import Synchronization

/// A number that only rises.
final class PrometheusCounter: CounterHandler, PrometheusInstrument {
    private let total = Mutex<Int64>(0)

    func increment(by amount: Int64) {
        total.withLock { total in
            let (sum, overflow) = total.addingReportingOverflow(amount)
            // Starting again is what Prometheus expects of a counter that cannot go on.
            total = overflow ? amount : sum
        }
    }

    func reset() {
        total.withLock { $0 = 0 }
    }

    func samples() -> [PrometheusSample] {
        [PrometheusSample(value: String(total.withLock { $0 }))]
    }
}

/// A number that rises and falls.
final class PrometheusGauge: MeterHandler, RecorderHandler, PrometheusInstrument {
    private let value = Mutex<Double>(0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func samples() -> [PrometheusSample] {
        [PrometheusSample(value: PrometheusName.number(value.withLock { $0 }))]
    }
}

/// How many values fell below each bound, their sum and their number.
final class PrometheusHistogram: RecorderHandler, TimerHandler, PrometheusInstrument {
    private struct State {
        /// Values per bucket, not yet cumulative; the last one is above every bound.
        var counts: [UInt64]
        var sum: Double = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// A histogram with rising bounds.
    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        // One NaN would make the sum useless for ever.
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func samples() -> [PrometheusSample] {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var samples: [PrometheusSample] = []
        var below: UInt64 = 0
        for (bound, count) in zip(bounds + [.infinity], counts) {
            below += count
            let label = "le=\"\(PrometheusName.number(bound))\""
            samples.append(PrometheusSample(suffix: "_bucket", label: label, value: String(below)))
        }
        samples.append(PrometheusSample(suffix: "_sum", value: PrometheusName.number(sum)))
        samples.append(PrometheusSample(suffix: "_count", value: String(below)))
        return samples
    }
}
