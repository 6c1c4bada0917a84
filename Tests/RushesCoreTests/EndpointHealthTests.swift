import RushesCore
import Testing

@Suite("An endpoint's health")
struct EndpointHealthTests {
    private static let start = Timestamp(milliseconds: 1_795_000_000_000)

    @Test("it is held after five failures that say it is down, when they last a minute")
    func hold() {
        var health = EndpointHealth()
        for seconds in [0, 10, 20, 30, 59] {
            #expect(health.failed(.serverError, isProbe: false, at: Self.start.adding(seconds: seconds)) == .none)
        }
        #expect(health.state == .active && health.failuresInRow == 5)
        #expect(health.failed(.connectRefused, isProbe: false, at: Self.start.adding(seconds: 60)) == .hold)
        #expect(health.state == .held && health.probeAt == Self.start.adding(seconds: 90))
        // A message that was under way when it was held changes nothing but the count.
        #expect(health.failed(.requestTimeout, isProbe: false, at: Self.start.adding(seconds: 61)) == .none)
        #expect(health.probeAt == Self.start.adding(seconds: 90))
    }

    @Test("refusals do not say that it is down")
    func refusals() {
        var health = EndpointHealth()
        for seconds in 0..<200 {
            #expect(health.failed(.clientError, isProbe: false, at: Self.start.adding(seconds: seconds)) == .none)
        }
        #expect(health.state == .active && health.failuresInRow == 0 && health.failedAttempts == 200)
    }

    @Test("pings come after 30 s, 1, 2, 4 minutes, then every five, until one is taken")
    func probes() throws {
        var health = Self.held()
        var pauses: [Int64] = []
        for _ in 0..<6 {
            let due = try #require(health.probeAt)
            health.probing(at: due)
            #expect(health.probeAt.map { $0 > due } == true)
            #expect(health.failed(.serverError, isProbe: true, at: due) == .none)
            pauses.append(health.probeAt.map { $0.milliseconds(since: due) / 1_000 } ?? 0)
        }
        #expect(pauses == [60, 120, 240, 300, 300, 300])
        #expect(health.succeeded(at: Self.start.adding(seconds: 9_999)) == .release)
        #expect(health.state == .active && health.probeAt == nil && health.failedAttempts == 0)
        #expect(health.firstFailureAt == nil && health.disablesAt == nil)
    }

    @Test("nothing is held for more than three days")
    func holdEnds() {
        var health = Self.held()
        let end = Self.start.adding(milliseconds: Limits.endpointHoldMilliseconds)
        #expect(health.failed(.serverError, isProbe: true, at: end.adding(milliseconds: -1)) == .none)
        #expect(health.failed(.serverError, isProbe: true, at: end) == .release)
        #expect(health.state == .active)
        for minutes in 0..<60 {
            #expect(health.failed(.serverError, isProbe: false, at: end.adding(seconds: minutes * 60)) == .none)
        }
    }

    @Test("five days and twenty failed attempts disable it, and neither of them alone")
    func failing() {
        let end = Self.start.adding(milliseconds: Limits.endpointFailingMilliseconds)
        var rare = EndpointHealth()
        #expect(rare.failed(.serverError, isProbe: false, at: Self.start) == .none)
        for number in 0..<18 {
            #expect(rare.failed(.clientError, isProbe: false, at: end.adding(seconds: number)) == .none)
        }
        #expect(rare.failed(.clientError, isProbe: false, at: end.adding(seconds: 20)) == .disable)
        #expect(rare.state == .disabled && rare.disableReason == .failing && rare.disabledAt == end.adding(seconds: 20))
        var often = EndpointHealth()
        for number in 0..<1_000 {
            _ = often.failed(.clientError, isProbe: false, at: Self.start.adding(seconds: number))
        }
        #expect(often.state == .active && often.disablesAt == end)
    }

    @Test("410 disables at once, and a disabled endpoint hears nothing more until it is enabled")
    func gone() {
        var health = EndpointHealth()
        #expect(health.failed(.gone, isProbe: false, at: Self.start) == .disable)
        #expect(health.disableReason == .gone)
        #expect(health.failed(.gone, isProbe: false, at: Self.start) == .none)
        #expect(health.disable(.manual, at: Self.start) == .none && health.disableReason == .gone)
        #expect(health.succeeded(at: Self.start) == .none && health.state == .disabled)
        _ = health.enable()
        #expect(health.state == .active && health.disableReason == nil && health.disabledAt == nil)
    }

    private static func held() -> EndpointHealth {
        var health = EndpointHealth()
        for seconds in [0, 15, 30, 45, 60] {
            _ = health.failed(.serverError, isProbe: false, at: start.adding(seconds: seconds))
        }
        return health
    }
}
