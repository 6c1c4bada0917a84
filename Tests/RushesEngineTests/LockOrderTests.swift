import RushesCore
import RushesDatabase
import RushesEngine
import RushesTesting
import Testing

@Suite("The order of locks")
struct LockOrderTests {
    @Test(
        "locks are taken in the order lane, provider account, organization, batch, task, wallet, so that none waits in a circle"
    )
    func order() async throws {
        let holder = Holder<LockOrderDatabase>()
        try await EngineWorld.with(recorded: { holder.keep(LockOrderDatabase($0)) }) { world in
            let database = try #require(holder.value)
            let other = try await world.operators.createOrganization(named: "Other").organization
            for (number, organization) in [world.organization, other].enumerated() {
                _ = try await world.operators.limitOrganization(organization, weight: 1, maxInFlight: 50)
                _ = try await world.operators.confirmPurchase(
                    .topup(Credits(micros: 1_000_000_000)), for: organization, reference: "pay-\(number)")
            }
            script(world.provider)
            for organization in [other, world.organization] {
                for model in ["sora-2", "veo-pro"] { try await create(model, for: organization, in: world) }
            }
            try await world.run(seconds: 200, stepSeconds: 2)
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 600, stepSeconds: 6)
            #expect(try await world.events().contains("task.leaked"))
            #expect(try await world.rows("SELECT COUNT(*) FROM batch WHERE finished_at IS NULL") == [SQLRow([0])])
            let locked = database.transactions
            #expect(locked.contains { Set($0.map(\.table)) == ["lane", "organization", "batch", "task", "wallet"] })
            #expect(
                locked.contains { locks in Set(locks.map(\.table)).isSuperset(of: ["lane", "provider_account", "task"])
                })
            #expect(locked.contains { locks in locks.count { $0.table == "organization" } > 1 })
            #expect(locked.contains { locks in locks.count { $0.table == "batch" } > 1 })
            for locks in locked { #expect(locks == locks.sorted()) }
        }
    }

    /// Something of everything: refusals, lost answers, jobs that fail, jobs that end after their deadline.
    private func script(_ provider: FakeProvider) {
        provider.script { script in
            script.submit = { submission, number in
                switch submission.prompt.split(separator: " ").first {
                case "busy" where number == 1: .refuse(ProviderFault(.transient, message: "later"))
                case "lost": .drop(makesJob: number > 1)
                default: .accept
                }
            }
            script.poll = { submission in
                switch submission.prompt.split(separator: " ").first {
                case "late": .working
                case "bad": .gaveUp(.moderated)
                default: .completed
                }
            }
        }
    }

    private func create(_ model: String, for organization: OrganizationID, in world: EngineWorld) async throws {
        let words = ["busy", "lost", "late", "bad", "good"]
        let draft = BatchDraft(
            requestID: model, model: model, tasks: (0..<15).map { TaskDraft(prompt: "\(words[$0 % 5]) \($0)") })
        let id = try await world.batches.create(draft, for: organization).batch.id
        _ = try await world.batches.create(
            BatchDraft(requestID: model + " 2", model: model, tasks: (0..<10).map { TaskDraft(prompt: "good \($0)") }),
            for: organization)
        if model == "veo-pro" { _ = try await world.batches.cancel(id, of: organization) }
    }
}
