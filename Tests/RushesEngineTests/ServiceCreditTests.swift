import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("What comes back for a month whose promises were missed", .onEachDatabase)
struct ServiceCreditTests {
    private static let november = CalendarMonth(number: 202_611)
    private static let steps = [
        ServiceCreditStep(belowBasisPoints: 9_500, creditBasisPoints: 1_000),
        ServiceCreditStep(belowBasisPoints: 5_000, creditBasisPoints: 5_000),
    ]

    /// A promise of a minute, a deadline of two.
    private static func catalogue(_ steps: [ServiceCreditStep]) -> Catalogue {
        Catalogue(
            models: [
                VideoModel(
                    id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 10,
                    maxBatch: 10_000, seconds: [4], sizes: ["1280x720"], slaSeconds: 60, deadlineSeconds: 120,
                    route: ProviderRoute(
                        provider: "test", model: "sora-2", maxInFlight: 1_000, createsPerMinute: 60_000),
                    unknownCreatePolicy: .resubmitOnce, serviceCredits: steps)
            ], packages: [])
    }

    @Test("a missed promise is given back once, and its computation is kept", arguments: TestDatabase.allCases)
    func grants(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind, catalogue: Self.catalogue(Self.steps)) { world in
            try await world.topUp(100_000_000)
            let idle = try await world.operators.createOrganization(named: "Idle").organization
            // In time 37 of 40: one comes late, two never.
            let began = world.clock.now
            world.provider.script { [clock = world.clock] script in
                script.poll = { submission in
                    switch submission.prompt {
                    case "prompt 0", "prompt 1": .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
                    case "late 0" where clock.now.milliseconds(since: began) < 70_000:
                        .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
                    default: .completed  // the others
                    }
                }
            }
            try await world.create(30, requestID: "a")
            try await world.create(10, requestID: "b") { "late \($0)" }
            try await world.run(seconds: 140, stepSeconds: 2)
            #expect(try await world.wallet() == [100_000_000 - 38 * 490_000, 0])
            let month = Self.november
            await #expect(throws: Refusal.self) { try await world.operators.serviceCredits(for: month, of: nil) }
            world.enter(month.next)
            await #expect(throws: Refusal.self) {
                try await world.operators.grantServiceCredits(for: month, of: nil, by: "ada")
            }
            world.clock.advance(seconds: 600)

            let owed = try await world.operators.serviceCredits(for: month, of: nil)
            let line = try #require(owed.first)
            #expect(owed.count == 1 && line.grant == nil && line.credit.month.organization == world.organization)
            let level = line.credit.month.level
            #expect([level.delivered, level.withinTarget, level.timedOut] == [38, 37, 2])
            #expect(line.credit.month.charged.micros == 38 * 490_000 && line.credit.step == Self.steps[0])
            #expect(line.credit.amount.micros == 1_862_000)
            let status = try await StatusService(world.engine).status(in: month)
            #expect(status.models.map(\.level.withinTargetPPM) == [level.withinTargetPPM])

            let granted = try await world.operators.grantServiceCredits(for: month, of: nil, by: "ada")
            let grant = try #require(granted.first?.grant)
            #expect(granted.map(\.credit) == owed.map(\.credit))
            #expect(grant.origin == .slaCredit && grant.face == line.credit.amount && grant.by == "ada")
            #expect(grant.reason == line.credit.calculation && grant.reference == line.credit.reference)
            for only in [nil, world.organization] {
                #expect(try await world.operators.grantServiceCredits(for: month, of: only, by: "bob") == granted)
                #expect(try await world.operators.serviceCredits(for: month, of: only) == granted)
            }
            #expect(try await world.wallet() == [100_000_000 - 38 * 490_000 + 1_862_000, 0])
            #expect(try await world.operators.serviceCredits(for: month, of: idle) == [])
            #expect(try await world.operators.serviceCredits(for: month.previous, of: nil) == [])
            await #expect(throws: Refusal.notFound) {
                try await world.operators.serviceCredits(for: month, of: OrganizationID(trusted: "org_x"))
            }
            try await world.expectIntact()
        }
    }

    @Test("a task counts in the month in which it ended", arguments: TestDatabase.allCases)
    func monthsEnd(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind, catalogue: Self.catalogue(Self.steps)) { world in
            try await world.topUp(1_000_000_000)
            let month = Self.november
            world.enter(month.next, secondsBefore: 50)
            let end = month.next.start
            world.provider.script { [clock = world.clock] script in
                script.poll = { submission in
                    submission.prompt.hasPrefix("late") && clock.now < end.adding(seconds: 25)
                        ? .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil) : .completed
                }
            }
            // More batches than a page has, so that pages are added up.
            for number in 0..<(Limits.batchesPerServiceMonthPage + 3) {
                try await world.create(10, requestID: "r-\(number)") { $0 == 0 ? "late" : "prompt \($0)" }
            }
            let batches = Limits.batchesPerServiceMonthPage + 3
            try await world.run(seconds: 120, stepSeconds: 2)
            world.enter(month.next.next)
            world.clock.advance(seconds: 600)
            let first = try #require(try await world.operators.serviceCredits(for: month, of: nil).first)
            #expect(first.credit.month.level.delivered == 9 * batches && first.credit.step == nil)
            let second = try #require(
                try await world.operators.serviceCredits(for: month.next, of: world.organization).first)
            let level = second.credit.month.level
            #expect([level.delivered, level.withinTarget, level.timedOut] == [batches, 0, 0])
            #expect(second.credit.step == Self.steps[1])
            #expect(second.credit.amount.micros == Int64(batches) * 245_000)
        }
    }

    @Test("the steps are those in force at the month's end")
    func policy() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue([])) { world in
            try await world.topUp(100_000_000)
            world.provider.script { script in
                script.poll = { _ in .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil) }
            }
            try await world.create(10, requestID: "november")
            try await world.run(seconds: 140, stepSeconds: 5)
            let month = Self.november
            world.enter(month.next)
            try await world.operators.apply(Self.catalogue(Self.steps))
            try await world.create(10, requestID: "december")
            try await world.run(seconds: 140, stepSeconds: 5)
            world.enter(month.next.next)
            try await world.operators.apply(Self.catalogue([]))
            world.clock.advance(seconds: 600)
            let november = try await world.operators.serviceCredits(for: month, of: nil)
            #expect(november.map(\.credit.step) == [nil])
            // Nothing was charged that could come back.
            let december = try await world.operators.grantServiceCredits(for: month.next, of: nil, by: "ada")
            #expect(december.map(\.credit.step) == [Self.steps[1]] && december.map(\.credit.amount) == [.zero])
            #expect(december.map(\.grant) == [nil])
        }
    }
}

extension EngineWorld {
    /// Moves the clock to the beginning of a month, or so many seconds before it.
    fileprivate func enter(_ month: CalendarMonth, secondsBefore: Int64 = 0) {
        clock.advance(seconds: month.start.seconds - secondsBefore - clock.now.seconds)
    }
}
