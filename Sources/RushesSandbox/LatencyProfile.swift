import Foundation

/// How long a model takes: log-normal, given by its median and 95th percentile for 4 seconds at 720p.
struct LatencyProfile: Sendable {
    let medianMilliseconds: Double
    let p95Milliseconds: Double

    static let sora = LatencyProfile(medianMilliseconds: 70_000, p95Milliseconds: 105_000)
    static let veo = LatencyProfile(medianMilliseconds: 100_000, p95Milliseconds: 240_000)

    /// The two parts of a job's life, in milliseconds at speed 1.
    struct Draw: Sendable, Equatable {
        let queueMilliseconds: Double
        let runMilliseconds: Double
        var totalMilliseconds: Double { queueMilliseconds + runMilliseconds }
    }

    /// Draws the latency of one job; longer and larger videos take longer.
    func draw(seconds: Int, size: VideoSize, using generator: inout some RandomNumberGenerator) -> Draw {
        let deviation = log(p95Milliseconds / medianMilliseconds) / 1.645
        let total = medianMilliseconds * exp(deviation * Self.standardNormal(&generator)) * Self.load(seconds, size)
        let queueShare = Double.random(in: 0.02...0.08, using: &generator)
        return Draw(queueMilliseconds: total * queueShare, runMilliseconds: total * (1 - queueShare))
    }

    /// Box-Muller, cut at three deviations so that one draw in a thousand does not stall a whole batch.
    private static func standardNormal(_ generator: inout some RandomNumberGenerator) -> Double {
        let radius = (-2 * log(Double.random(in: 1e-12...1, using: &generator))).squareRoot()
        let angle = 2 * Double.pi * Double.random(in: 0..<1, using: &generator)
        return min(max(radius * cos(angle), -3), 3)
    }

    private static func load(_ seconds: Int, _ size: VideoSize) -> Double {
        let length = 0.7 + 0.3 * Double(seconds) / 4
        let pixels = Double(size.width * size.height) / Double(1280 * 720)
        return length * (0.8 + 0.2 * pixels)
    }
}
