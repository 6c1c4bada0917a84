import RushesCore
import Testing

@Suite struct BreakerTests {
    private func opened(by class: ProviderFault.Class) -> Breaker {
        var breaker = Breaker()
        for _ in 0..<5 { breaker.createFailed(fault(`class`), at: moment(0)) }
        return breaker
    }

    @Test(
        arguments: [
            (ProviderFault.Class.auth, 1), (.quotaExhausted, 1), (.transient, 5), (.timeout, 5), (.unknown, 5),
            (.noEndpoint, 5),
            (.rateLimited, 0), (.moderated, 0), (.permanentRequest, 0), (.permanentGeneration, 0), (.retired, 0),
            (.lost, 0),
        ] as [(ProviderFault.Class, Int)])
    func itOpensAfterSoManyFaultsOfAClass(class: ProviderFault.Class, count: Int) {
        var breaker = Breaker()
        for number in 1...6 {
            breaker.createFailed(fault(`class`), at: moment(0))
            #expect((breaker.state == .open) == (count > 0 && number >= count))
        }
        #expect(breaker.openings == (count > 0 ? 1 : 0))
    }

    @Test func howLongNobodyHasTakenCreatesIsCountedApart() {
        var breaker = Breaker()
        #expect(breaker.brokenSince == nil)
        for _ in 0..<5 { breaker.createFailed(fault(.transient), at: moment(0)) }
        for time: Int64 in [30_000, 60_000] {
            breaker.probe(at: moment(time))
            breaker.createFailed(fault(.noEndpoint), at: moment(time + 1))
            #expect(breaker.cause == .noEndpoint && breaker.brokenSince == moment(30_001) && breaker.openings == 1)
        }
        breaker.createFailed(fault(.auth), at: moment(70_000))
        breaker.createFailed(fault(.noEndpoint), at: moment(70_001))
        #expect(breaker.cause == .auth && breaker.brokenSince == moment(30_001), "sent before the key was refused")
        breaker.probe(at: moment(400_000))
        breaker.createFailed(fault(.noEndpoint), at: moment(400_001))
        #expect(breaker.cause == .noEndpoint && breaker.brokenSince == moment(400_001))
        breaker.probe(at: moment(430_001))
        breaker.createAnswered(at: moment(430_002))
        #expect(breaker.brokenSince == nil && breaker.changedAt == moment(430_002))
    }

    @Test func anAnswerInBetweenForgetsTheFaults() {
        var breaker = Breaker()
        for _ in 0..<4 { breaker.createFailed(fault(.transient), at: moment(0)) }
        #expect(breaker.isWatching)
        breaker.createFailed(fault(.moderated), at: moment(0))
        #expect(!breaker.isWatching)
        for _ in 0..<4 { breaker.createFailed(fault(.transient), at: moment(0)) }
        breaker.createAnswered(at: moment(0))
        breaker.createFailed(fault(.transient), at: moment(0))
        #expect(breaker.state == .closed && breaker.faults == 1)
    }

    @Test(
        arguments: [(ProviderFault.Class.transient, 30_000), (.auth, 300_000), (.quotaExhausted, 300_000)]
            as [(ProviderFault.Class, Int64)])
    func oneTaskTriesWhenItIsTime(class: ProviderFault.Class, pause: Int64) {
        var breaker = opened(by: `class`)
        #expect(breaker.admission(at: moment(pause - 1)) == .none)
        #expect(breaker.admission(at: moment(pause)) == .probe)
        breaker.probe(at: moment(pause))
        #expect(breaker.state == .halfOpen && breaker.admission(at: moment(pause)) == .none)
        // Its node died: another one may try when its lease is over.
        #expect(breaker.admission(at: moment(pause + 44_999)) == .none)
        #expect(breaker.admission(at: moment(pause + 45_000)) == .probe)
        breaker.createFailed(fault(`class`), at: moment(pause + 1_000))
        #expect(breaker.state == .open && breaker.openings == 1 && breaker.changedAt == moment(0))
        #expect(breaker.admission(at: moment(2 * pause + 999)) == .none)
        #expect(breaker.admission(at: moment(2 * pause + 1_000)) == .probe)
    }

    @Test(arguments: [ProviderFault.Class.rateLimited, .moderated, .permanentRequest, .retired, nil])
    func whateverTheProviderAnswersToTheProbeClosesIt(class: ProviderFault.Class?) {
        var breaker = opened(by: .transient)
        breaker.probe(at: moment(30_000))
        if let `class` {
            breaker.createFailed(fault(`class`), at: moment(31_000))
        } else {
            breaker.createAnswered(at: moment(31_000))
        }
        #expect(breaker.state == .closed && breaker.admission(at: moment(31_000)) == .all)
        let ramp = stride(from: Int64(31_000), through: 91_000, by: 10_000).map { breaker.rampPermille(at: moment($0)) }
        #expect(ramp == [50, 100, 200, 400, 800, 1_000, 1_000])
    }

    @Test func aNewOneHasNoRamp() {
        #expect(Breaker().rampPermille(at: moment(0)) == 1_000)
    }

    @Test func whatWasSentBeforeIsAReasonToTryAtOnceButNoProof() {
        var breaker = opened(by: .transient)
        breaker.createAnswered(at: moment(5_000))
        #expect(breaker.state == .open && breaker.admission(at: moment(5_000)) == .probe)
        var locked = opened(by: .auth)
        locked.createAnswered(at: moment(5_000))
        #expect(locked.admission(at: moment(5_000)) == .none)
        locked.createFailed(fault(.transient), at: moment(6_000))
        #expect(locked.cause == .auth && locked.probeAt == moment(300_000))
        locked.retryNow(at: moment(7_000))
        #expect(locked.admission(at: moment(7_000)) == .probe)
    }

    @Test func failedPollsOpenItTooAndAnAnsweredOneForgetsThem() {
        var breaker = Breaker()
        breaker.polled(answered: 0, failed: 4, lastFault: fault(.transient), at: moment(0))
        breaker.polled(answered: 1, failed: 9, lastFault: fault(.transient), at: moment(0))
        #expect(breaker.state == .closed && breaker.pollFaults == 0)
        breaker.polled(answered: 0, failed: 2, lastFault: fault(.transient), at: moment(0))
        breaker.polled(answered: 0, failed: 3, lastFault: fault(.timeout), at: moment(1_000))
        #expect(breaker.state == .open && breaker.cause == .timeout && breaker.probeAt == moment(31_000))
        breaker.polled(answered: 0, failed: 9, lastFault: fault(.transient), at: moment(20_000))
        #expect(breaker.probeAt == moment(31_000), "further polls do not put the probe off")
        var refused = Breaker()
        refused.polled(answered: 0, failed: 1, lastFault: fault(.auth), at: moment(0))
        #expect(refused.state == .open)
        var busy = Breaker()
        busy.polled(answered: 0, failed: 99, lastFault: fault(.rateLimited), at: moment(0))
        #expect(busy.state == .closed)
    }

    /// Whatever happens: at most one probe at a time, and a time to try is known whenever it is not closed.
    @Test func thereIsAlwaysAWayBack() {
        for seed: UInt64 in 0..<60 {
            var chance = Chance(seed: seed)
            var breaker = Breaker()
            var now: Int64 = 0
            for _ in 0..<300 {
                if breaker.admission(at: moment(now)) == .probe {
                    breaker.probe(at: moment(now))
                    #expect(breaker.admission(at: moment(now)) == .none)
                }
                let `class` = ProviderFault.Class.allCases[chance.below(ProviderFault.Class.allCases.count)]
                switch chance.below(4) {
                case 0: breaker.createAnswered(at: moment(now))
                case 1: breaker.createFailed(fault(`class`), at: moment(now))
                case 2: breaker.polled(answered: 0, failed: 1, lastFault: fault(`class`), at: moment(now))
                default: breaker.polled(answered: 1, failed: 0, lastFault: nil, at: moment(now))
                }
                #expect((breaker.state == .closed) == (breaker.probeAt == nil))
                #expect(breaker.admission(at: moment(now + 300_000)) != .none)
                now += Int64(chance.between(0, 20_000))
            }
        }
    }
}
