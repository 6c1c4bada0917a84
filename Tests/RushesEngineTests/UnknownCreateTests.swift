import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Creates whose outcome is unknown", .onEachDatabase)
struct UnknownCreateTests {
    @Test("a job that the provider lists is adopted, and nothing is submitted twice", arguments: TestDatabase.allCases)
    func adopted(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.submit = { _, _ in .drop(makesJob: true) } }
            let id = try await world.create(10).id
            try await world.run(seconds: 20)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.count == 10 && world.provider.jobs.count == 10)
            let jobs = try await world.tasks(of: id).map(\.job)
            #expect(Set(jobs).count == 10)
        }
    }

    @Test(
        "a listed job without a usable name may be ours: nothing is made again, and the deadline gives the money back",
        arguments: TestDatabase.allCases)
    func nameless(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(20_000_000)
            world.provider.script { script in
                script.submit = { _, _ in .drop(makesJob: true) }
                script.namesListedJobs = false
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 115)
            #expect(try await world.batch(id).counts.running == 10)
            try await world.run(seconds: 15)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.timedOut])
            #expect(world.provider.submissions.count == 10)
            #expect(try await world.wallet() == [20_000_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("others' jobs without a usable name keep nobody from being made again")
    func othersNameless() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(20_000_000)
            world.provider.script { script in
                script.submit = { submission, number in
                    number == 1 ? .drop(makesJob: submission.prompt != "prompt 0") : .accept
                }
                script.namesListedJobs = false
            }
            let id = try await world.create(10).id
            // The breaker opens by ten silent creates, and lets one try after half a minute.
            try await world.run(seconds: 60)
            let tasks = try await world.tasks(of: id)
            #expect(tasks[0].state == .succeeded && tasks[1...].allSatisfy { $0.state == .submitting })
            #expect(world.provider.submissions.count == 11)
        }
    }

    @Test("equal prompts adopt a job each")
    func twins() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.submit = { _, _ in .drop(makesJob: true) } }
            let id = try await world.create(10) { _ in "the same" }.id
            try await world.run(seconds: 90)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.count == 10)
            #expect(Set(try await world.tasks(of: id).map(\.job)).count == 10)
        }
    }

    @Test("not found twice is submitted once more, where the model's policy says so")
    func resubmitted() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { script in
                script.submit = { submission, number in
                    number == 1 && Self.isOneOfFour(submission) ? .drop(makesJob: false) : .accept
                }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 14)
            #expect(world.provider.submissions.count == 10)
            try await world.run(seconds: 10)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.count == 14)
            let attempts = try await world.attempts(of: world.tasks(of: id)[0].id)
            #expect(attempts.map(\.outcome) == [.unknown, .completed])
            #expect(attempts[0].endedAt != nil && !attempts[0].holdsSlot)
            #expect(try await world.lane().inFlight == 0)
        }
    }

    @Test("a second unknown outcome without a job fails: one blind resubmission, no more")
    func onlyOnce() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { script in
                script.submit = { submission, _ in
                    Self.isOneOfFour(submission) ? .drop(makesJob: false) : .accept
                }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 60)
            #expect(try await world.tasks(of: id)[..<4].allSatisfy { $0.failure?.type == .providerError })
            #expect(world.provider.submissions.count == 14)
            #expect(try await world.wallet() == [10_000_000 - 6 * 490_000, 0])
        }
    }

    /// Too few in a row for the account's breaker to open.
    private static func isOneOfFour(_ submission: Submission) -> Bool { submission.prompt < "prompt 4" }

    @Test("an expensive model fails at once, without another submission")
    func policyFail() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            world.provider.script { $0.submit = { _, _ in .drop(makesJob: false) } }
            let id = try await world.create(5, model: "veo-pro").id
            try await world.run(seconds: 30)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.providerError])
            #expect(world.provider.submissions.count == 5)
            #expect(try await world.lane(Catalogue.veo).inFlight == 0)
        }
    }

    @Test("a provider that cannot be asked decides nothing until the deadline")
    func inconclusive() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { script in
                script.submit = { _, _ in .drop(makesJob: false) }
                script.listFails = true
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 110)
            #expect(try await world.batch(id).counts.running == 10)
            try await world.run(seconds: 30)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.timedOut])
            #expect(world.provider.submissions.count == 10)
        }
    }

    @Test("where there is no listing, the model's policy decides", arguments: ["sora-2", "veo-pro"])
    func noListing(_ model: String) async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            world.provider.script { script in
                script.submit = { submission, number in
                    number == 1 && Self.isOneOfFour(submission) ? .drop(makesJob: true) : .accept
                }
                script.hasNoListing = true
            }
            let id = try await world.create(10, model: model).id
            try await world.run(seconds: 30)
            let isCheap = model == "sora-2"
            #expect(try await world.batch(id).status == (isCheap ? .completed : .partial))
            #expect(world.provider.submissions.count == (isCheap ? 14 : 10))
        }
    }

    @Test("where only finished videos are listed, an empty look proves nothing for a while")
    func lag() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            world.provider.script { script in
                // The first five of the ten have a job; equal prompts, so that only the attempts tell them apart.
                script.submit = { submission, _ in .drop(makesJob: submission.prompt == "made") }
                script.listingLagMilliseconds = 400_000
            }
            let id = try await world.create(10, model: "veo-pro") { $0 < 5 ? "made" : "not made" }.id
            try await world.run(seconds: 190)
            #expect(try await world.batch(id).counts.running == 10)
            try await world.run(seconds: 30)
            #expect(try await world.batch(id).counts.succeeded == 5)
            #expect(try await world.batch(id).counts.running == 5)
            try await world.run(seconds: 220)
            #expect(try await world.batch(id).counts.failed == 5)
            let failures = try await world.tasks(of: id).filter { $0.specification.prompt != "made" }.map(
                \.failure?.type)
            #expect(Set(failures) == [.providerError])
            #expect(world.provider.submissions.count == 10)
        }
    }

    /// A process that dies between the claim and the answer: what its successor finds.
    @Test("a crash in submitting is looked up after the lease", arguments: [true, false])
    func crash(_ wasReceived: Bool) async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            for task in try await world.claim(id) where wasReceived {
                _ = await world.provider.submit(
                    Submission(
                        task: task.id, attempt: 1, model: "sora-2", prompt: task.specification.prompt, seconds: 4,
                        size: "1280x720", deadline: world.clock.now))
            }
            try await world.run(seconds: 44)
            #expect(try await world.batch(id).counts.running == 10 && world.provider.polls == 0)
            try await world.run(seconds: 30)
            #expect(try await world.batch(id).status == .completed)
            // Received: adopted. Not received: looked for twice, then submitted once more by the policy.
            #expect(world.provider.submissions.count == 10)
            #expect(Set(try await world.tasks(of: id).map(\.attempt)) == [wasReceived ? 1 : 2])
        }
    }

    @Test("the successor of a dead process need not wait for its leases")
    func takenUpAtOnce() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            _ = try await world.claim(id)
            #expect(try await world.engine.endLeasesOfFormerProcess() == 10)
            try await world.run(seconds: 20)
            #expect(try await world.batch(id).status == .completed)
        }
    }
}

extension EngineWorld {
    /// Claims all tasks of a batch, as a Dispatcher that dies before its first call.
    func claim(_ id: BatchID) async throws -> [VideoTask] {
        try await database.write { [engine] transaction in
            var lane = try #require(try transaction.lockLane(Catalogue.sora().route.lane))
            _ = lane.allowance(at: transaction.now, limit: 100)
            let steps = try transaction.readyTasks(of: id, in: lane.id, limit: 100).map { task in
                var after = task
                try after.claim(at: transaction.now, leaseMilliseconds: 45_000, deadlineSeconds: 120)
                return TaskStep(before: task, after: after)
            }
            let batches = try transaction.lockBatchesToDispatch([id])
            let tasks = try transaction.dispatch(steps, of: batches, on: &lane, ids: engine.environment.ids)
            try transaction.save(lane)
            return tasks
        }
    }
}
