import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

@Suite("Steps of tasks are compare-and-swap")
struct CompareAndSwapTests {
    private static let tables = ["task", "attempt", "batch", "lane", "asset", "event", "wallet"]

    /// Runs steps that must lose and expects that nothing at all was written.
    private func expectLoss(_ steps: [TaskStep], in world: StoreWorld) async throws {
        var before: [[SQLRow]] = []
        for table in Self.tables { before.append(try await world.rows("SELECT * FROM \(table)")) }
        #expect(try await world.commit(steps) == Array(repeating: false, count: steps.count))
        for (table, rows) in zip(Self.tables, before) {
            #expect(try await world.rows("SELECT * FROM \(table)") == rows, "\(table)")
        }
    }

    @Test("a step that saw an old attempt or state writes nothing at all", arguments: TestDatabase.allCases)
    func oldSight(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let first = try await world.dispatch([plan.tasks[0]])
            let fault = ProviderFault(.rateLimited, message: "later")
            let refused = try first[0].step(.notAccepted(fault)) { try $0.notAccepted(readyAt: world.clock.now) }
            #expect(try await world.commit([refused]) == [true])
            let second = try await world.dispatch([refused.after])
            #expect(second[0].attempt == 2)
            // The worker of the first attempt wakes up: its answer is of another attempt in the same state.
            let now = world.clock.now
            try await expectLoss(
                [
                    try first[0].accepted(by: "late"),
                    try first[0].step(.failed(fault)) { try $0.fail(Failure(.moderated), at: now) },
                    TaskStep(
                        before: first[0], after: refused.after, effect: .notAccepted(fault), refusal: fault),
                ], in: world)
            // A step from a state that the task has left.
            try await world.commit([try second[0].accepted(by: "job")])
            try await expectLoss(
                [
                    try second[0].accepted(by: "other"),
                    try plan.tasks[0].step { try $0.fail(Failure(.expired), at: now) },
                ], in: world)
        }
    }

    @Test("a step that loses among winners loses alone", arguments: TestDatabase.allCases)
    func mixed(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let running = try await world.run(Array(plan.tasks[..<3]))
            let now = world.clock.now
            let steps = try running.map { try $0.step(.completed) { try $0.finishedAtProvider(at: now) } }
            #expect(try await world.commit([steps[1]]) == [true])
            #expect(try await world.commit(steps) == [true, false, true])
            #expect(try await world.lane().inFlight == 0)
            // The same step twice in one commit: the second has lost already.
            let ending = try steps[0].after.step { try $0.fail(Failure(.storageError), at: now) }
            let committed = try await world.database.write { transaction in
                try transaction.commit([ending, ending], ids: world.ids)
            }
            #expect(committed.won == [true, false])
            #expect(committed.ended.map(\.model) == ["veo-pro"] && committed.ended.map(\.task) == [ending.after])
            #expect(try await world.batch(plan.batch.id).counts.failed == 1)
        }
    }

    @Test("a task is claimed once", arguments: TestDatabase.allCases)
    func claimedOnce(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            #expect(try await world.dispatch(plan.tasks).count == 5)
            #expect(try await world.dispatch(plan.tasks).isEmpty)
            #expect(try await world.lane().inFlight == 5)
            #expect(try await world.rows("SELECT COUNT(*) FROM attempt") == [SQLRow([5])])
            #expect(try await world.batch(plan.batch.id).counts.running == 5)
        }
    }

    @Test("a lease is taken by one worker", arguments: TestDatabase.allCases)
    func leases(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let running = try await world.run([plan.tasks[0]])
            world.clock.advance(seconds: 60)
            let moment = world.clock.now.adding(seconds: 99)
            let taken = try await world.database.write { transaction in
                try (0..<2).map { _ in try transaction.lease(dueIn: .running, until: moment, limit: 9) }
            }
            #expect(taken == [[try running[0].leased(until: moment)], []])
        }
    }

    @Test("a worker whose lease is over changes nothing, once somebody else has taken the task")
    func fencedByLease() async throws {
        try await StoreWorld.with(.memory) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let running = try await world.run(Array(plan.tasks[..<2]))
            let now = world.clock.now
            // The second of the two was finished, and its Archiver stopped beyond its lease.
            let storing = try running[1].step(.completed) { try $0.finishedAtProvider(at: now) }
            try await world.commit([storing])
            let polled = try await world.lease(running[0], until: now.adding(seconds: 30))
            let stored = try await world.lease(storing.after, until: now.adding(seconds: 60))
            _ = try await world.lease(polled, until: now.adding(seconds: 61))
            let follower = try await world.lease(stored, until: now.adding(seconds: 121))
            let late = try polled.step { try $0.pollLater(at: now.adding(seconds: 33)) }
            let ended = try polled.step(.abandoned) { try $0.fail(Failure(.timedOut), at: now) }
            let torn = try stored.step { try $0.storeFailed(at: now) }
            try await expectLoss([late, ended, torn], in: world)
            let failed = try follower.step { try $0.storeFailed(at: now) }
            #expect(try await world.commit([failed]) == [true])
        }
    }

    @Test("what the provider said of a create is written however late, as long as it is the same attempt")
    func lateAnswerToACreate() async throws {
        try await StoreWorld.with(.memory) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let submitting = try await world.dispatch(Array(plan.tasks[..<3]))
            let now = world.clock.now
            for task in submitting { _ = try await world.lease(task, until: now.adding(seconds: 75)) }
            let unknown = try submitting[0].step(.unknown(ProviderFault(.timeout, message: "no answer"))) {
                try $0.lookLater(at: now.adding(seconds: 5), looked: false)
            }
            try await expectLoss([unknown], in: world)
            let accepted = TaskStep(
                before: submitting[1], after: try submitting[1].accepted(by: "job").after,
                effect: .running(ProviderJobID("job")),
                fence: .attempt)
            #expect(try await world.commit([accepted]) == [true])
        }
    }

    @Test("a job that another attempt owns is not adopted", arguments: TestDatabase.allCases)
    func ownedJobs(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let submitting = try await world.dispatch(Array(plan.tasks[..<3]))
            #expect(try await world.commit([try submitting[0].accepted(by: "job")]) == [true])
            try await expectLoss([try submitting[1].accepted(by: "job")], in: world)
            // Two that name the same job in one commit: the first takes it.
            let both = try [submitting[1].accepted(by: "twin"), submitting[2].accepted(by: "twin")]
            #expect(try await world.commit(both) == [true, false])
            let owners = try await world.database.read { reader in
                try reader.owners(of: ["job", "twin", "free"].map { ProviderJobID($0) }, in: StoreWorld.lane)
                    .mapValues(\.task)
            }
            #expect(owners == [ProviderJobID("job"): plan.tasks[0].id, ProviderJobID("twin"): plan.tasks[1].id])
        }
    }

    @Test(
        "the same job of another lane is another job, and the index is the last guard", arguments: TestDatabase.allCases
    )
    func jobIndex(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let running = try await world.run(Array(plan.tasks[..<2]))
            try await world.expectRefusal("unique constraint") {
                try $0.execute(
                    "UPDATE attempt SET provider_job = 'job-\(running[0].id)' WHERE task_id = '\(running[1].id)'", [])
            }
        }
    }

    @Test("a slot is given back once", arguments: TestDatabase.allCases)
    func slotsOnce(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let running = try await world.run(Array(plan.tasks[..<3]))
            let now = world.clock.now
            let abandoned = try running[0].step(.abandoned) { try $0.fail(Failure(.timedOut), at: now) }
            #expect(try await world.commit([abandoned]) == [true])
            #expect(try await world.lane().inFlight == 3)
            let attempt = try #require(try await world.attempt(of: running[0].id))
            #expect(attempt.outcome == .abandoned && attempt.holdsSlot && attempt.watchAt != nil)
            let ended = attempt.watched(.completed, at: now)
            let looks = try await world.database.write { transaction in
                try (0..<2).map { _ in
                    try transaction.commit(
                        watched: attempt, ended, organization: world.organization, batch: plan.batch.id, ids: world.ids)
                }
            }
            #expect(looks == [true, false])
            #expect(try await world.lane().inFlight == 2)
            #expect(try await world.rows("SELECT COUNT(*) FROM event WHERE type = 'task.leaked'") == [SQLRow([1])])
        }
    }
}

extension StoreWorld {
    /// Takes a task as a worker does.
    func lease(_ task: VideoTask, until moment: Timestamp) async throws -> VideoTask {
        let step = TaskStep(before: task, after: try task.leased(until: moment))
        let won = try await database.write { try $0.commit([], postponing: [step], ids: ids).won }
        #expect(won == [])
        return step.after
    }

    func lane() async throws -> Lane {
        try await database.read { try #require(try $0.lane(Self.lane)) }
    }

    func batch(_ id: BatchID) async throws -> Batch {
        try await database.read { [organization] in try #require(try $0.batch(id, of: organization)) }
    }

    func attempt(of task: TaskID, _ number: Int = 1) async throws -> Attempt? {
        try await database.read { try $0.attempt(number, of: task) }
    }
}
