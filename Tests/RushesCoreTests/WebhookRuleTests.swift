import RushesCore
import Testing

@Suite("The rules of webhooks")
struct WebhookRuleTests {
    @Test(
        "patterns name events, families, or all",
        arguments: [
            ("*", EventType.batchQueued, true), ("*", .taskFailed, true), ("*", .taskLeaked, false),
            ("batch.*", .batchPartial, true), ("batch.*", .tasksSettled, false), ("task.*", .taskSucceeded, true),
            ("task.*", .tasksSettled, false), ("tasks.settled", .tasksSettled, true),
            ("wallet.low_balance", .walletToppedUp, false),
        ])
    func patterns(pattern: String, type: EventType, isTaken: Bool) throws {
        #expect(try EventFilter([pattern]).takes(type) == isTaken)
    }

    @Test(
        "a pattern that names nothing is refused",
        arguments: ["batch", "batch.", "batch.x", "", "task.leaked", "**", "bat*"])
    func unknownPatterns(pattern: String) {
        #expect(throws: EventFilter.UnknownEventType(pattern: pattern)) { try EventFilter(["batch.*", pattern]) }
    }

    @Test("without a choice nothing is written on demand")
    func standardFilter() {
        for type in EventType.allCases {
            #expect(EventFilter.standard.takes(type) == (type.isDelivered && !type.isOnDemand))
        }
    }

    @Test("pauses are a fifth around their base, and grow by what the receiver asks, within bounds")
    func pauses() {
        func pause(_ profile: RetryProfile, _ attempts: Int, _ permille: Int64, _ asked: Int64? = nil) -> Int64? {
            profile.pauseMilliseconds(afterAttempts: attempts, permille: permille, retryAfterSeconds: asked)
        }
        #expect(pause(.contract, 1, 0) == 8_000 && pause(.contract, 1, 500) == 10_000)
        #expect(pause(.contract, 1, 999).map { (11_900...12_000).contains($0) } == true)
        #expect(pause(.contract, 2, 500) == 60_000 && pause(.contract, 3, 500) == nil)
        #expect(pause(.contract, 1, 0, 5) == 8_000 && pause(.contract, 1, 0, 120) == 120_000)
        #expect(pause(.contract, 1, 0, .max) == 300_000 && pause(.contract, 1, 0, -7) == 8_000)
        #expect(pause(.extended, 1, 0, .max) == 86_400_000)
        let bases: [Int64] = (1...9).compactMap { pause(.extended, $0, 500) }
        let expected: [Int64] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
        #expect(bases.map { $0 / 1_000 } == expected)
        #expect(pause(.extended, 10, 500) == nil && RetryProfile.extended.attemptsMax == 10)
        let whole: Int64 = bases.reduce(0, +)
        #expect(whole == 272_105_000)  // 75 h 35 min 5 s
    }

    @Test(
        "every status has one meaning",
        arguments: [
            (200, nil), (299, nil), (301, DeliveryFailure.redirectNotFollowed), (304, .redirectNotFollowed),
            (400, .clientError),
            (410, .gone), (429, .tooManyRequests), (499, .clientError), (500, .serverError), (599, .serverError),
            (100, .responseInvalid), (600, .responseInvalid), (0, .responseInvalid),
        ])
    func statuses(status: Int, failure: DeliveryFailure?) {
        #expect(DeliveryFailure(status: status) == failure)
    }

    @Test("a release is slow at first and then as fast as the endpoint takes it")
    func ramp() {
        func delays(_ places: Range<Int>, _ rate: Int) -> [Int64] {
            places.map { ReleaseRamp.delayMilliseconds(place: $0, maxPerSecond: rate) }
        }
        let slow: [Int64] = (0..<10).map { Int64($0) * 1_000 }
        #expect(delays(0..<12, 20) == slow + [10_000, 10_500])
        for rate in [1, 3, 20, 100] {
            let all = delays(0..<5_000, rate)
            #expect(zip(all, all.dropFirst()).allSatisfy { $0 <= $1 })
            let ofSecond = Dictionary(grouping: all) { $0 / 1_000 }.mapValues(\.count)
            #expect(ofSecond.values.allSatisfy { $0 <= rate } && ofSecond[0] == 1)
        }
    }
}

@Suite("A delivery's states")
struct WebhookDeliveryMachineTests {
    private static let now = Timestamp(milliseconds: 1_000_000)

    private static func delivery(
        _ state: WebhookDelivery.State, attempts: Int = 0, attemptsMax: Int = 3, dueAt: Timestamp = now,
        to endpoint: String = "wep_1",
        id: String = "dlv_1"
    ) -> WebhookDelivery {
        WebhookDelivery(
            id: WebhookDeliveryID(trusted: id), organization: OrganizationID(trusted: "org_1"),
            endpoint: WebhookEndpointID(trusted: endpoint), event: EventID(trusted: "evt_1"), eventSequence: 1,
            type: "batch.queued", replay: 0, trigger: .auto, state: state, attempts: attempts,
            attemptsMax: attemptsMax, dueAt: dueAt, leaseEndsAt: nil, failure: nil, createdAt: now,
            endedAt: state.isEnded ? now : nil, isReplayed: false)
    }

    @Test("only what is due and has attempts left begins", arguments: WebhookDelivery.State.allCases)
    func begin(state: WebhookDelivery.State) throws {
        var due = Self.delivery(state)
        if state == .pending {
            try due.begin(at: Self.now)
            #expect(due.state == .sending && due.attempts == 1)
            #expect(due.leaseEndsAt == Self.now.adding(milliseconds: 15_000))
        } else {
            #expect(throws: WebhookDelivery.IllegalTransition(state: state, event: "begin")) {
                try due.begin(at: Self.now)
            }
        }
        var early = Self.delivery(.pending, dueAt: Self.now.adding(milliseconds: 1))
        #expect(throws: WebhookDelivery.IllegalTransition.self) { try early.begin(at: Self.now) }
        var spent = Self.delivery(.pending, attempts: 3)
        #expect(throws: WebhookDelivery.IllegalTransition.self) { try spent.begin(at: Self.now) }
    }

    @Test("only what is under way ends", arguments: WebhookDelivery.State.allCases)
    func end(state: WebhookDelivery.State) throws {
        for (failure, attempts, ended) in [
            (nil, 1, WebhookDelivery.State.succeeded), (DeliveryFailure.serverError, 1, .pending),
            (.serverError, 2, .pending), (.serverError, 3, .exhausted),
        ] {
            var delivery = Self.delivery(state, attempts: attempts)
            if state == .sending {
                try delivery.end(failure, profile: .contract, permille: 0, retryAfterSeconds: nil, at: Self.now)
                #expect(delivery.state == ended && (delivery.endedAt != nil) == ended.isEnded)
                #expect(delivery.failure == failure && delivery.leaseEndsAt == nil)
            } else {
                #expect(throws: WebhookDelivery.IllegalTransition(state: state, event: "end")) {
                    try delivery.end(failure, profile: .contract, permille: 0, retryAfterSeconds: nil, at: Self.now)
                }
            }
        }
    }

    private static func endpoint(
        _ id: String, _ change: (inout EndpointHealth) -> Void = { _ in }, isDeleted: Bool = false
    ) -> WebhookEndpoint {
        var health = EndpointHealth()
        _ = health.succeeded(at: now)
        change(&health)
        return WebhookEndpoint(
            id: WebhookEndpointID(trusted: id), organization: OrganizationID(trusted: "org_1"),
            settings: WebhookEndpointSettings(url: "https://example.com/", maxPerSecond: 20, maxInFlight: 2),
            health: health,
            createdAt: now, changedAt: now, isDeleted: isDeleted)
    }

    /// A claim of a queue of so many that are due.
    static func claim(
        _ count: Int, of endpoint: WebhookEndpoint, underWay: Int = 0, slots: Int = 10
    ) -> DeliveryClaim {
        let length = endpoint.headLength(underWay: underWay, slots: slots)
        let head = (0..<min(count, length)).map { delivery(.pending, to: endpoint.id.rawValue, id: "dlv_\($0)") }
        return DeliveryClaim(head, upTo: length, of: endpoint, underWay: underWay, at: now)
    }

    static func failing(_ id: String) -> WebhookEndpoint {
        endpoint(id) { _ = $0.failed(.requestTimeout, isProbe: false, at: now) }
    }

    @Test("a claim sends what fits, and says when the queue is to be looked at next")
    func claim() {
        let healthy = Self.endpoint("wep_1")
        let some = Self.claim(1, of: healthy)
        #expect(some.begun == 1 && some.looksAgainAt == nil && !some.isFull)
        let many = Self.claim(9, of: healthy)
        #expect(many.begun == 2 && many.isFull && many.looksAgainAt == Self.now.adding(milliseconds: 250))
        let half = Self.claim(9, of: healthy, underWay: 1)
        #expect(half.begun == 1 && half.isFull)
        let full = Self.claim(9, of: healthy, underWay: 2)
        #expect(full.steps.isEmpty && full.isFull && full.looksAgainAt == Self.now.adding(milliseconds: 250))
        // It is the node that has no place: another look may find one at once.
        let busy = Self.claim(9, of: healthy, slots: 1)
        #expect(busy.begun == 1 && !busy.isFull && busy.looksAgainAt == Self.now)
        var later = Self.delivery(.pending, to: "wep_1", id: "dlv_9")
        later.dueAt = Self.now.adding(seconds: 7)
        let waiting = DeliveryClaim(
            [Self.delivery(.pending, to: "wep_1", id: "dlv_1"), later],
            upTo: healthy.headLength(underWay: 0, slots: 10), of: healthy, underWay: 0, at: Self.now)
        #expect(waiting.begun == 1 && waiting.looksAgainAt == later.dueAt && !waiting.isFull)
        #expect(Self.claim(0, of: healthy).looksAgainAt == nil)
    }

    @Test("what its endpoint cannot get moves to where its state puts it, a page at a time")
    func rest() {
        let endpoints = [
            (Self.endpoint("wep_2") { _ = $0.disable(.manual, at: Self.now) }, WebhookDelivery.State.skipped),
            (Self.endpoint("wep_3", isDeleted: true), .cancelled),
            (
                Self.endpoint("wep_4") { health in
                    for seconds in stride(from: 0, through: 80, by: 20) {
                        _ = health.failed(.serverError, isProbe: false, at: Self.now.adding(seconds: seconds))
                    }
                }, .held
            ),
        ]
        for (endpoint, state) in endpoints {
            let few = Self.claim(3, of: endpoint)
            #expect(few.steps.map(\.after.state) == [state, state, state] && few.looksAgainAt == nil)
            #expect(few.begun == 0 && few.steps.allSatisfy { ($0.after.endedAt != nil) == state.isEnded })
            let many = Self.claim(2_000, of: endpoint)
            #expect(many.steps.count == Limits.deliveriesPerRestMax && many.looksAgainAt == Self.now)
        }
    }

    @Test("a failing endpoint, or one that has taken nothing yet, is sent one message at a time")
    func doubtful() {
        let fresh = WebhookEndpoint(
            id: WebhookEndpointID(trusted: "wep_1"), organization: OrganizationID(trusted: "org_1"),
            settings: WebhookEndpointSettings(url: "https://example.com/"), createdAt: Self.now, changedAt: Self.now)
        for endpoint in [fresh, Self.failing("wep_1")] {
            let claim = Self.claim(3, of: endpoint)
            #expect(claim.begun == 1 && claim.isFull)
            // Behind a receiver that hangs nothing is looked at until its message ends, one budget at most.
            let rest = claim.looksAgainAt?.milliseconds(since: Self.now)
            #expect(rest == (endpoint == fresh ? 250 : Limits.webhookBudgetMilliseconds))
            #expect(Self.claim(3, of: endpoint, underWay: 1).steps.isEmpty)
        }
    }
}
