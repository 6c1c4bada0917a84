import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Fair share over organizations")
struct FairShareTests {
    /// Milliseconds that the provider takes for each video.
    private static let taskSeconds: Int64 = 10

    private func with(
        cap: Int, minBatch: Int = 1, _ body: (FairWorld) async throws -> Void
    ) async throws {
        let sora = VideoModel(
            id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: minBatch,
            maxBatch: 10_000, seconds: [4], sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 600,
            route: ProviderRoute(provider: "test", model: "sora-2", maxInFlight: cap, createsPerMinute: 600_000),
            unknownCreatePolicy: .resubmitOnce)
        try await EngineWorld.with(catalogue: .sample(sora)) { world in
            let clock = world.clock
            world.provider.script { script in
                script.pollJob = { job in
                    clock.now.milliseconds(since: job.createdAt) >= Self.taskSeconds * 1_000 ? .completed : .working
                }
            }
            try await body(FairWorld(world: world))
        }
    }

    @Test("10 tasks beside 10,000 at cap 20 take at most 2.5 times what they take alone")
    func smallBesideLarge() async throws {
        var alone: Int64 = 0
        try await with(cap: 20) { fair in
            let small = try await fair.organization()
            try await fair.create(10, for: small)
            alone = try await fair.secondsUntilEnd(of: small, maximum: 100)
        }
        try await with(cap: 20) { fair in
            let (large, small) = (try await fair.organization(), try await fair.organization())
            try await fair.create(10_000, for: large)
            try await fair.run(seconds: 47)
            #expect(try await fair.inFlight(large) == 20)
            try await fair.create(10, for: small)
            let createdAt = fair.world.clock.now
            let beside = try await fair.secondsUntilEnd(of: small, maximum: 100)
            #expect(beside * 2 <= alone * 5, "alone \(alone) s, beside \(beside) s")
            let first = try await fair.firstDispatch(of: small)
            #expect(first.milliseconds(since: createdAt) <= Self.taskSeconds * 1_000)
            // The large one had all the rest.
            _ = try await Dispatcher(fair.world.engine).step()
            #expect(try await fair.world.lane().inFlight == 20)
        }
    }

    @Test("weights 1 and 3 share the slots and what comes out of them 1 to 3")
    func weights() async throws {
        try await with(cap: 20) { fair in
            let (one, three) = (try await fair.organization(), try await fair.organization(weight: 3))
            try await fair.create(300, for: one)
            try await fair.create(300, for: three)
            try await fair.run(seconds: 5)
            #expect(try await [fair.inFlight(one), fair.inFlight(three)] == [5, 15])
            try await fair.run(seconds: 115)
            let (few, many) = (try await fair.succeeded(one), try await fair.succeeded(three))
            #expect(few > 40 && abs(many - 3 * few) <= 15, "\(few) and \(many)")
        }
    }

    @Test("a limit holds over all lanes, and others get what it leaves")
    func limit() async throws {
        try await with(cap: 20) { fair in
            let (limited, free) = (try await fair.organization(maxInFlight: 6), try await fair.organization())
            for model in ["sora-2", "veo-pro"] { try await fair.create(300, for: limited, model: model) }
            try await fair.create(300, for: free)
            for _ in 0..<30 {
                try await fair.run(seconds: 1)
                #expect(try await fair.inFlight(limited) <= 6)
            }
            _ = try await Dispatcher(fair.world.engine).step()
            #expect(try await fair.inFlight(free) == 20 - fair.inFlight(limited, lane: "test:sora-2"))
            #expect(try await fair.succeeded(limited) >= 12)
            // A lower limit takes nothing away, and gives nothing until less runs; none gives all that there is.
            try await fair.limit(limited, 2)
            try await fair.run(seconds: 25)
            #expect(try await fair.inFlight(limited) == 2)
            try await fair.limit(limited, nil)
            try await fair.run(seconds: 15)
            _ = try await Dispatcher(fair.world.engine).step()
            #expect(try await fair.inFlight(limited) == 10 + 100)
        }
    }

    @Test("a new organization is not behind 300 old batches, nor a new batch behind those held by their own cap")
    func manyBatches() async throws {
        try await with(cap: 50) { fair in
            let (old, new) = (try await fair.organization(), try await fair.organization())
            for _ in 0..<30 { try await fair.create(10, for: old, maxConcurrency: 1) }
            try await fair.run(seconds: 1)
            #expect(try await fair.inFlight(old) == 30)
            for _ in 0..<270 { try await fair.create(2, for: old) }
            try await fair.create(10, for: new)
            try await fair.run(seconds: 1)
            #expect(try await [fair.inFlight(old), fair.inFlight(new)] == [40, 10])
        }
    }

    @Test("more organizations than one claim looks at: all are served in turn")
    func manyOrganizations() async throws {
        let count = Limits.organizationsPerClaimMax * 2 + 17
        try await with(cap: 20) { fair in
            var organizations: [OrganizationID] = []
            for _ in 0..<count {
                let organization = try await fair.organization()
                try await fair.create(3, for: organization)
                organizations.append(organization)
            }
            var dispatched: [OrganizationID: Int] = [:]
            // With 20 slots of 10 s it takes 14 waves until everyone can have had a turn.
            var waves = 0
            while dispatched.count < count && waves < 18 {
                try await fair.run(seconds: Self.taskSeconds + 2)
                dispatched = try await fair.dispatches()
                waves += 1
                #expect(dispatched.values.allSatisfy { $0 <= 2 })
            }
            #expect(dispatched.count == count)
            try await fair.run(seconds: 40 * (Self.taskSeconds + 2), stepSeconds: 2)
            #expect(try await fair.dispatches().values.allSatisfy { $0 == 3 })
        }
    }

    @Test("slots that a batch has no ready task for are given to others in the same claim")
    func workConserving() async throws {
        try await with(cap: 20) { fair in
            let (waiting, ready) = (try await fair.organization(), try await fair.organization())
            try await fair.create(30, for: waiting)
            try await fair.create(30, for: ready)
            let soon = fair.world.clock.now.adding(seconds: 3).milliseconds
            try await fair.world.database.write { transaction in
                _ = try transaction.execute(
                    "UPDATE task SET due_at = $1 WHERE organization_id = $2 AND place > 1",
                    [.integer(soon), .text(waiting.rawValue)])
            }
            #expect(try await Dispatcher(fair.world.engine).step() == 20)
            #expect(try await [fair.inFlight(waiting), fair.inFlight(ready)] == [2, 18])
        }
    }

    @Test("a claim costs the same beside 3,000 batches of one organization", arguments: [TestDatabase.file])
    func boundedCost(_ kind: TestDatabase) async throws {
        try await with(cap: 50) { fair in
            let organization = try await fair.organization()
            for number in 0..<40 { try await fair.create(1, for: organization, requestID: "r-\(number)") }
            let recorder = RecordingDatabase(fair.world.database)
            let found = try await recorder.write { transaction in
                var lane = try #require(try transaction.lockLane(LaneID("test:sora-2")))
                return try transaction.demands(of: &lane, slots: 20)
            }
            #expect(found.map(\.batches.count) == [Limits.batchesPerOrganizationPerClaimMax])
            for (sql, values) in recorder.statements {
                let plan = try await QueryPlan(of: sql, values, on: fair.world.database)
                #expect(plan.growth.isEmpty, "\(plan.lines)\n\(sql)")
            }
        }
    }
}

/// Organizations that want the same lane.
private struct FairWorld {
    let world: EngineWorld

    func organization(weight: Int = 1, maxInFlight: Int? = nil) async throws -> OrganizationID {
        let id = try await world.operators.createOrganization(named: "Studio").organization
        _ = try await world.operators.confirmPurchase(
            .topup(Credits(micros: 10_000_000_000)), for: id, reference: "pay-\(id)")
        _ = try await world.operators.limitOrganization(id, weight: weight, maxInFlight: maxInFlight)
        return id
    }

    func limit(_ organization: OrganizationID, _ maxInFlight: Int?) async throws {
        _ = try await world.operators.limitOrganization(organization, weight: 1, maxInFlight: maxInFlight)
    }

    func create(
        _ count: Int, for organization: OrganizationID, model: String = "sora-2", requestID: String? = nil,
        maxConcurrency: Int? = nil
    ) async throws {
        let id = requestID ?? world.engine.environment.ids.next(EventIdentity.self).rawValue
        _ = try await world.batches.create(
            BatchDraft(
                requestID: id, model: model, tasks: (0..<count).map { TaskDraft(prompt: "\(organization) \($0)") },
                maxConcurrency: maxConcurrency, windowHours: 700), for: organization)
    }

    func run(seconds: Int64, stepSeconds: Int64 = 1) async throws {
        try await world.run(seconds: seconds, stepSeconds: stepSeconds)
        let found = try await InvariantSweep(world.database).run().violations
        #expect(found == [])
    }

    func inFlight(_ organization: OrganizationID, lane: String? = nil) async throws -> Int {
        let record = try await world.operators.organization(organization)
        return lane.map { record.slots[LaneID($0)] ?? 0 } ?? record.inFlight
    }

    func succeeded(_ organization: OrganizationID) async throws -> Int {
        try await world.rows(
            "SELECT COALESCE(SUM(succeeded), 0) FROM batch WHERE organization_id = '\(organization)'")[0].int(0)
    }

    func dispatches() async throws -> [OrganizationID: Int] {
        let rows = try await world.rows(
            """
            SELECT t.organization_id, COUNT(*) FROM attempt a INNER JOIN task t ON t.id = a.task_id
            GROUP BY t.organization_id
            """)
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (OrganizationID(trusted: try $0.text(0)), try $0.int(1)) })
    }

    func firstDispatch(of organization: OrganizationID) async throws -> Timestamp {
        Timestamp(
            milliseconds: try await world.rows(
                "SELECT MIN(dispatched_at) FROM task WHERE organization_id = '\(organization)'")[0].integer(0))
    }

    /// Seconds of virtual time until the organization's batches have ended.
    func secondsUntilEnd(of organization: OrganizationID, maximum: Int64) async throws -> Int64 {
        for seconds in 0..<maximum {
            for worker in world.workers { _ = try await worker.step() }
            let open = try await world.rows(
                "SELECT 1 FROM batch WHERE organization_id = '\(organization)' AND finished_at IS NULL")
            if open.isEmpty { return seconds }
            world.clock.advance(seconds: 1)
        }
        Issue.record("not ended in \(maximum) s")
        return maximum
    }
}
