import CoreMetrics
import RushesTelemetry
import Testing

@Suite("Prometheus text")
struct TelemetryMetricsTests {
    private let metrics = PrometheusMetrics()

    @Test func countersGaugesAndLabelsAreWrittenInOrder() {
        Counter(label: "tasks.ended", dimensions: [("state", "failed")], factory: metrics).increment(by: 2)
        Counter(label: "tasks.ended", dimensions: [("state", "succeeded")], factory: metrics).increment()
        Counter(label: "tasks.ended", dimensions: [("state", "failed")], factory: metrics).increment()
        Meter(label: "lane.open-tasks", dimensions: [("model", "sora-2"), ("a", "1")], factory: metrics).set(7)
        Gauge(label: "held_micros", factory: metrics).record(490_000)
        #expect(
            metrics.exposition() == """
                # HELP held_micros held_micros
                # TYPE held_micros gauge
                held_micros 490000
                # HELP lane_open_tasks lane.open-tasks
                # TYPE lane_open_tasks gauge
                lane_open_tasks{a="1",model="sora-2"} 7
                # HELP tasks_ended_total tasks.ended
                # TYPE tasks_ended_total counter
                tasks_ended_total{state="failed"} 3
                tasks_ended_total{state="succeeded"} 1

                """)
    }

    @Test func timersAreCumulativeHistogramsOfSeconds() {
        let timer = Timer(label: "video_duration", dimensions: [("model", "sora-2")], factory: metrics)
        timer.recordMilliseconds(250)
        timer.recordSeconds(120)
        timer.recordSeconds(5_000)
        let lines = metrics.exposition().split(separator: "\n")
        #expect(lines.contains("# TYPE video_duration_seconds histogram"))
        #expect(lines.contains(#"video_duration_seconds_bucket{model="sora-2",le="0.1"} 0"#))
        #expect(lines.contains(#"video_duration_seconds_bucket{model="sora-2",le="0.25"} 1"#))
        #expect(lines.contains(#"video_duration_seconds_bucket{model="sora-2",le="120"} 2"#))
        #expect(lines.contains(#"video_duration_seconds_bucket{model="sora-2",le="1800"} 2"#))
        #expect(lines.contains(#"video_duration_seconds_bucket{model="sora-2",le="+Inf"} 3"#))
        #expect(lines.contains(#"video_duration_seconds_sum{model="sora-2"} 5120.25"#))
        #expect(lines.contains(#"video_duration_seconds_count{model="sora-2"} 3"#))
    }

    @Test func labelValuesAreEscapedAndNamesAreMadeValid() {
        Counter(label: "9 lives/é", dimensions: [("le", "a\"b\\c\nd")], factory: metrics).increment()
        #expect(
            metrics.exposition() == """
                # HELP _9_lives___total 9 lives/é
                # TYPE _9_lives___total counter
                _9_lives___total{le_="a\\"b\\\\c\\nd"} 1

                """)
    }

    @Test func oneNameKeepsOneType() {
        Counter(label: "x", factory: metrics).increment()
        Meter(label: "x_total", factory: metrics).set(5)
        #expect(metrics.exposition().contains("# TYPE x_total counter\nx_total 1\n"))
        #expect(metrics.exposition().contains("# TYPE x_total_gauge gauge\nx_total_gauge 5\n"))
    }

    @Test func tooManyLabelValuesAreCountedNotKept() {
        for index in 0..<(PrometheusMetrics.seriesPerNameMax + 3) {
            Counter(label: "ids", dimensions: [("id", String(index))], factory: metrics).increment()
        }
        let lines = metrics.exposition().split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("ids_total{") } == PrometheusMetrics.seriesPerNameMax)
        #expect(lines.contains("metrics_dropped_series_total 3"))
    }

    @Test func manyTasksLoseNoIncrement() async {
        let metrics = metrics
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for index in 0..<1_000 {
                        Counter(label: "hits", dimensions: [("n", String(index % 5))], factory: metrics).increment()
                        Recorder(label: "size", factory: metrics).record(index)
                    }
                }
            }
        }
        let lines = metrics.exposition().split(separator: "\n")
        for n in 0..<5 { #expect(lines.contains("hits_total{n=\"\(n)\"} 1600")) }
        #expect(lines.contains("size_count 8000"))
    }
}
