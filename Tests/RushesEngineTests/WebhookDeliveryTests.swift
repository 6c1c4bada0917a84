import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Webhooks on their way", .onEachDatabase)
struct WebhookDeliveryTests {
    @Test("every event of a batch arrives once, signed, in the order of the feed")
    func wholeBatch() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, text) = try await hooks.endpoint()
            hooks.world.provider.script { script in
                script.poll = { $0.prompt == "prompt 3" ? .gaveUp(.moderated) : .completed }
            }
            try await hooks.world.create(12)
            try await hooks.world.run(seconds: 12)
            try await hooks.run(seconds: 30)
            let types = hooks.receiver.arrivals.map { $0["rushes-event"] }
            // The purchase was before the endpoint.
            let feed = try await hooks.world.events().drop { $0 != "batch.queued" }
            #expect(types == Array(feed))
            #expect(types.count { $0 == "task.succeeded" } == 11 && types.count { $0 == "task.failed" } == 1)
            #expect(types.last == "batch.partial")
            let secret = try #require(WebhookSecret(text))
            for arrival in hooks.receiver.arrivals {
                #expect(arrival.webhook.isAuthentic(secret, at: arrival.at))
                #expect(String(decoding: arrival.message.body, as: UTF8.self).contains(arrival["webhook-id"]))
            }
            #expect(Set(hooks.receiver.arrivals.map { $0["webhook-id"] }).count == types.count)
            #expect(try await hooks.deliveries(to: endpoint).allSatisfy { $0.state == .succeeded && $0.attempts == 1 })
            try await hooks.world.expectIntact()
        }
    }

    @Test("a receiver that answers 500 gets exactly three requests, the same bytes, and touches no money")
    func threeAttempts() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint(["batch.queued"])
            hooks.receiver.answers(500)
            let batch = try await hooks.world.create(12).id
            try await hooks.run(seconds: 600)
            let arrivals = hooks.receiver.arrivals
            #expect(arrivals.count == 3)
            let pauses = zip(arrivals, arrivals.dropFirst()).map { $1.at.milliseconds(since: $0.at) }
            #expect((8_000...12_000).contains(pauses[0]) && (48_000...72_000).contains(pauses[1]))
            #expect(Set(arrivals.map { $0["webhook-id"] }).count == 1)
            #expect(Set(arrivals.map(\.message.body)).count == 1)
            #expect(Set(arrivals.map { $0["webhook-timestamp"] }).count == 3)
            #expect(Set(arrivals.map { $0["webhook-signature"] }).count == 3)
            #expect(arrivals.map { $0["rushes-attempt"] } == ["1", "2", "3"])
            let delivery = try #require(try await hooks.deliveries(to: endpoint).first)
            #expect(delivery.state == .exhausted && delivery.failure == .serverError && delivery.attempts == 3)
            let record = try await hooks.service.delivery(delivery.id, of: hooks.world.organization)
            #expect(record.attempts.map(\.status) == [500, 500, 500])
            #expect(record.attempts.map(\.failure) == [.serverError, .serverError, .serverError])
            try await hooks.world.run(seconds: 12)
            #expect(try await hooks.world.batch(batch).status == .completed)
            #expect(try await hooks.world.wallet() == [1_000_000_000 - 12 * 490_000, 0])
            try await hooks.world.expectIntact()
        }
    }

    @Test("a receiver's wish to be left alone is kept, within bounds")
    func retryAfter() async throws {
        try await WebhookWorld.with { hooks in
            try await hooks.endpoint()
            hooks.receiver.answers { _ in ScriptedReceiver.answer(429, retryAfterSeconds: 100) }
            try await hooks.write(1)
            try await hooks.run(seconds: 99)
            #expect(hooks.receiver.arrivals.count == 1)
            hooks.receiver.answers { _ in ScriptedReceiver.answer(503, retryAfterSeconds: 1_000_000) }
            try await hooks.run(seconds: 2)
            #expect(hooks.receiver.arrivals.count == 2)
            try await hooks.run(seconds: 295)
            #expect(hooks.receiver.arrivals.count == 2)
            hooks.receiver.answers(204)
            try await hooks.run(seconds: 10)
            #expect(hooks.receiver.arrivals.count == 3)
        }
    }

    @Test("a worker that is lost between claim and record counts as an attempt, and never makes a fourth")
    func lostWorkers() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            try await hooks.write(1)
            _ = try await Announcer(hooks.world.engine, hooks.tools).step()
            let dispatch = WebhookDispatch(hooks.world.engine, hooks.tools)
            for round in 1...3 {
                let claimed = try await dispatch.claim(10)
                #expect(claimed.map(\.delivery.attempts) == [round])
                let outcome = await dispatch.send(claimed[0])
                hooks.world.clock.advance(seconds: 14)
                #expect(try await dispatch.recordLost() == 0)
                #expect(try await dispatch.claim(10).isEmpty)
                hooks.world.clock.advance(seconds: 2)
                #expect(try await dispatch.recordLost() == 1)
                // The worker comes back too late: what it brings is not written.
                let late = try await dispatch.record([outcome])
                #expect(late.map(\.state) == [.sending])
                hooks.world.clock.advance(seconds: 73)
            }
            #expect(try await dispatch.claim(10).isEmpty)
            let delivery = try #require(try await hooks.deliveries(to: endpoint).first)
            #expect(delivery.state == .exhausted && delivery.failure == .workerLost)
            #expect(Set(hooks.receiver.arrivals.map { $0["webhook-id"] }).count == 1)
            let attempts = try await hooks.service.delivery(delivery.id, of: hooks.world.organization).attempts
            #expect(attempts.map(\.number) == [1, 2, 3] && attempts.allSatisfy { $0.failure == .workerLost })
            // It says nothing of the receiver.
            #expect(try await hooks.health(of: endpoint).failedAttempts == 0)
            let again = try await hooks.service.resend(
                delivery.id, includeSucceeded: false, of: hooks.world.organization)
            #expect(again.replay == 1 && again.event == delivery.event)
            try await hooks.settle()
            #expect(try await hooks.deliveries(to: endpoint, .succeeded).map(\.id) == [again.id])
            try await hooks.world.expectIntact()
        }
    }

    @Test("an endpoint gets what it takes, and nothing of another organization")
    func filters() async throws {
        try await WebhookWorld.with { hooks in
            let stranger = try await hooks.world.operators.createOrganization(named: "Other").organization
            let (wallet, _) = try await hooks.endpoint(["wallet.*"])
            let (batches, _) = try await hooks.endpoint(["batch.*"])
            let (foreign, _) = try await hooks.endpoint(of: stranger)
            try await hooks.write(3)
            try await hooks.run(seconds: 5)
            #expect(try await hooks.deliveries(to: wallet).count == 3)
            #expect(try await hooks.deliveries(to: batches).isEmpty)
            #expect(try await hooks.deliveries(to: foreign).isEmpty)
        }
    }

    @Test("progress is told at most every five seconds, and only where somebody wants to know")
    func progress() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint(["batch.progress"])
            hooks.world.provider.script { script in
                script.poll = { $0.prompt.hasPrefix("slow") ? .working : .completed }
            }
            try await hooks.world.create(20) { $0 < 5 ? "slow \($0)" : "prompt \($0)" }
            for _ in 0..<20 {
                try await hooks.world.run(seconds: 1)
                try await hooks.settle()
            }
            let told = try await hooks.deliveries(to: endpoint)
            #expect(told.count == 1)
            hooks.world.provider.script { $0.poll = { _ in .completed } }
            for _ in 0..<20 {
                try await hooks.world.run(seconds: 1)
                try await hooks.settle()
            }
            let times = try await hooks.deliveries(to: endpoint).map(\.createdAt).sorted()
            #expect(zip(times, times.dropFirst()).allSatisfy { $1.milliseconds(since: $0) >= 5_000 })
            try await hooks.world.expectIntact()
        }
    }
}

extension ScriptedReceiver.Arrival {
    /// As a receiver reads it.
    var webhook: StandardWebhook {
        StandardWebhook(
            id: self["webhook-id"], timestamp: self["webhook-timestamp"], signatures: self["webhook-signature"],
            body: message.body)
    }
}
