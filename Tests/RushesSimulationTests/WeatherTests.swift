import RushesCore
import RushesSimulation
import Testing

/// What the product promises of a provider that limits or fails, in virtual time on two nodes; each prints its figures.
@Suite("A provider's weather") struct WeatherTests {
    /// Jobs of about a minute, so that fifty slots are fifty creates a minute.
    private static let fair: Weather = {
        var weather = Weather()
        weather.createsPerMinute = 50
        weather.shortestJob = 40_000
        weather.longestJob = 70_000
        return weather
    }()

    @Test("a limit that falls from 50 to 10 a minute for ten minutes", arguments: [true, false])
    func storm(tellsRetryAfter: Bool) async throws {
        var weather = Self.fair
        weather.tellsRetryAfter = tellsRetryAfter
        let run = try await WeatherRun(
            tasks: 2_000, maxInFlight: 60, createsPerMinute: 50, deadlineSeconds: 600, weather: weather)
        try await run.run(seconds: 300)
        #expect(!run.creates(from: 0, to: 300).contains(.notAccepted))
        let began = run.second
        run.turn { $0.createsPerMinute = 10 }
        try await run.run(seconds: 600)
        let settled = run.creates(from: began + 60, to: began + 600)
        let refused = settled.count { $0 == .notAccepted }
        let accepted = settled.count - refused
        run.turn { $0.createsPerMinute = 50 }
        var recoveredAfter: Int64?
        for minute in 1...8 {
            try await run.run(seconds: 60)
            let creates = run.creates(from: run.second - 60, to: run.second).count { $0 == .accepted }
            if creates >= 45, recoveredAfter == nil { recoveredAfter = Int64(minute - 1) * 60 }
        }
        let generations = try await run.generations()
        print(
            "429 storm, Retry-After \(tellsRetryAfter): \(refused) of \(settled.count) creates refused after 60 s "
                + "(\(refused * 1_000 / max(1, settled.count)) per mille), \(accepted) accepted in 9 minutes, "
                + "90 % again \(recoveredAfter.map { "\($0) s" } ?? "never") after it, most generations "
                + "\(generations.most), peak \(run.peakInFlight) of 60 slots")
        #expect(refused * 10 < settled.count)
        #expect(accepted >= 60, "what the provider takes is used")
        #expect(try #require(recoveredAfter) <= 300)
        #expect(generations.most == 1)
        #expect(run.peakInFlight <= 60 && run.secondsNotClosed.isEmpty)
        #expect(try await run.batch().counts.failed == 0)
        #expect(try await run.violations() == [])
    }

    @Test("an outage of thirty minutes with 5,000 waiting tasks", arguments: Weather.Outage.allCases)
    func outage(_ kind: Weather.Outage) async throws {
        var weather = Self.fair
        weather.createsPerMinute = nil
        let run = try await WeatherRun(
            tasks: 5_100, maxInFlight: 100, createsPerMinute: 1_200, deadlineSeconds: 600, weather: weather)
        try await run.run(seconds: 60)
        let before = try await run.batch().counts
        #expect(before.queued >= 4_900)
        let began = run.second
        run.turn { $0.outage = kind }
        try await run.run(seconds: 1_800)
        let opened = try #require(run.secondsNotClosed.first) - began
        let inOutage = run.creates(from: began, to: began + 1_800).count
        let during = try await run.batch().counts
        let charged = try await run.chargedMicros()
        let ended = run.second
        run.turn { $0.outage = nil }
        try await run.run(seconds: 600)
        let firstMinute = stride(from: Int64(0), to: 600, by: 10).map { start in
            run.creates(from: ended + start, to: ended + start + 10).count
        }
        let closed = try #require(run.secondsNotClosed.last) - ended
        let after = try await run.batch().counts
        print(
            "outage \(kind): open after \(opened) s, \(inOutage) creates in 30 minutes, \(during.failed) tasks failed, "
                + "\(during.queued) still wait; closed \(closed) s after it, creates each 10 s after it: "
                + "\(firstMinute.prefix(45).map(String.init).joined(separator: " "))")
        #expect(opened <= 10)
        // A probe each 30 s, or each 5 minutes, and what was under way when it began.
        #expect(inOutage <= 70)
        #expect(charged <= Int64(during.succeeded) * 490_000, "nobody is charged for what was not delivered")
        #expect(during.queued >= 4_750)
        #expect(closed <= (kind == .refusesKey ? 310 : 50))
        let first = firstMinute.firstIndex { $0 > 0 } ?? 0
        // One task first, then a twentieth of the hundred slots, and at most twice as many each ten seconds.
        #expect(firstMinute[first] <= 1 + 5 + 10)
        #expect(firstMinute[first..<(first + 3)].reduce(0, +) <= 50)
        #expect(after.succeeded > during.succeeded + 300)
        #expect(run.peakInFlight <= 100)
        #expect(try await run.violations() == [])
    }
}
