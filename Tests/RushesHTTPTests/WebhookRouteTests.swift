import HTTPTypes
import RushesCore
import RushesEngine
import RushesHTTP
import RushesTesting
import RushesWire
import Testing

@Suite("Webhooks over HTTP", .onEachDatabase)
struct WebhookRouteTests {
    private static let order = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"[fail]"}]}"#

    @Test("an endpoint shows its secret once, is told of a batch, and keeps a log of each attempt")
    func wholePath() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let made = try await client.post("/v1/webhook_endpoints", #"{"url":"https://Example.com/in?key=1"}"#)
            try await expectContract(made, 201, "WebhookEndpoint", client)
            let endpoint = try made.body(WebhookEndpointBody.self)
            #expect(endpoint.url == "https://example.com/in?key=1" && made.headers[.eTag] == "\"r1\"")
            let secret = try #require(endpoint.secret?.secret.flatMap { WebhookSecret($0) })
            let read = try await client.get("/v1/webhook_endpoints/\(endpoint.id)")
            try await expectContract(read, 200, "WebhookEndpoint", client)
            #expect(!read.text.contains("whsec_"))
            try await expectContract(
                try await client.get("/v1/webhook_endpoints"), 200, "WebhookEndpointList", client)
            let batch = try await client.post("/v1/batches", Self.order).body(BatchBody.self)
            try await world.work()
            try await world.tell()
            let bodies = try world.receiver.arrivals.map { arrival in
                let webhook = StandardWebhook(
                    id: arrival["webhook-id"], timestamp: arrival["webhook-timestamp"],
                    signatures: arrival["webhook-signature"], body: arrival.message.body)
                #expect(webhook.isAuthentic(secret, at: arrival.at))
                return try WireJSON.decode(WebhookBody.self, from: arrival.message.body)
            }
            #expect(bodies.map(\.type) == ["batch.queued", "batch.processing", "tasks.settled", "batch.partial"])
            #expect(bodies.allSatisfy { $0.livemode && $0.data["batch_id"] == .text(batch.id) })
            try await expectSettlement(try #require(bodies.last), batch: batch.id, client)
            // The feed holds the same events, with the same data.
            let feed = try await client.get("/v1/events").body(ListBody<EventBody>.self).data
            #expect(feed.suffix(4).map { WebhookBody($0) } == bodies)
            let list = try await client.get("/v1/webhook_endpoints/\(endpoint.id)/deliveries?state=succeeded")
            try await expectContract(list, 200, "WebhookDeliveryList", client)
            let deliveries = try list.body(ListBody<WebhookDeliveryBody>.self).data
            #expect(deliveries.count == 4)
            let one = try await client.get("/v1/webhook_deliveries/\(deliveries[0].id)")
            try await expectContract(one, 200, "WebhookDelivery", client)
            let record = try one.body(WebhookDeliveryBody.self)
            #expect(record.body.map { Array($0.utf8) } == world.receiver.arrivals.last?.message.body)
            #expect(record.attemptLog?.map(\.status) == [200])
            #expect(record.attemptLog?.first?.url == "https://example.com/in?key=***")
            #expect(!one.text.contains("v1,"))
        }
    }

    @Test("after 30 days a delivery says that its body is gone, and cannot be sent again")
    func expunged() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let made = try await client.post("/v1/webhook_endpoints", #"{"url":"https://example.com/in"}"#)
            let endpoint = try made.body(WebhookEndpointBody.self)
            _ = try await client.post("/v1/batches", Self.order)
            try await world.tell()
            let list = "/v1/webhook_endpoints/\(endpoint.id)/deliveries"
            let one = try #require(try await client.get(list).body(ListBody<WebhookDeliveryBody>.self).data.first)
            world.clock.advance(milliseconds: 30 * 86_400_000)
            #expect(try await WebhookRetention(world.webhooks).step() == 1)
            let answer = try await client.get("/v1/webhook_deliveries/\(one.id)")
            try await expectContract(answer, 200, "WebhookDelivery", client)
            let body = try answer.body(WebhookDeliveryBody.self)
            #expect(body.state == "succeeded" && body.attempts == 1 && body.attemptLog == [] && body.body == nil)
            #expect(body.expungedAt != nil)
            let again = try await client.post(
                "/v1/webhook_deliveries/\(one.id)/resend", #"{"include_succeeded":true}"#)
            #expect(again.problem == "410 webhook_payload_expunged")
        }
    }

    private func expectSettlement(_ body: WebhookBody, batch: String, _ client: EdgeClient) async throws {
        guard case .object(let settlement) = body.data["settlement"],
            case .list(let transactions) = settlement["ledger_transaction_ids"]
        else {
            Issue.record("the ending has no settlement")
            return
        }
        #expect(settlement["charged_micros"] == .integer(490_000) && settlement["refunded_micros"] == .integer(490_000))
        let ledger = try await client.get("/v1/ledger?batch_id=\(batch)").body(ListBody<LedgerEntryBody>.self).data
        let posted = ledger.map(\.transactionID)
        #expect(Set(transactions) == Set(posted.map { EventValue.text($0) }))
    }

    @Test(
        "bad input names the member",
        arguments: [
            (#"{}"#, "/url invalid_value"),
            (#"{"url":"http://example.com/"}"#, "/url webhook_url_forbidden"),
            (#"{"url":"https://10.0.0.1/"}"#, "/url webhook_url_forbidden"),
            (#"{"url":"https://localhost/"}"#, "/url webhook_url_forbidden"),
            (#"{"url":"nonsense"}"#, "/url webhook_url_invalid"),
            (
                #"{"url":"https://example.com/","event_types":["batch.*","x"]}"#,
                "/event_types webhook_event_type_unknown"
            ),
            (#"{"url":"https://example.com/","event_types":[]}"#, "/event_types invalid_value"),
            (#"{"url":"https://example.com/","event_types":[1]}"#, "/event_types/0 invalid_type"),
            (#"{"url":"https://example.com/","retry_profile":"often"}"#, "/retry_profile invalid_value"),
            (#"{"url":"https://example.com/","max_per_second":0}"#, "/max_per_second invalid_value"),
            (#"{"url":"https://example.com/","max_in_flight":33}"#, "/max_in_flight invalid_value"),
            (#"{"url":"https://example.com/","secret":"x"}"#, "/secret unknown_field"),
        ])
    func badInput(text: String, issue: String) async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let answer = try await client.post("/v1/webhook_endpoints", text)
            #expect(answer.issues == [issue])
        }
    }

    @Test("a change is made once, and not over somebody else's")
    func changes() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let path = "/v1/webhook_endpoints/" + (try await endpoint(client))
            let changed = try await client.patch(path, #"{"event_types":["*"]}"#, [.ifMatch: "\"r1\""])
            try await expectContract(changed, 200, "WebhookEndpoint", client)
            #expect(changed.headers[.eTag] == "\"r2\"")
            let stale = try await client.patch(path, #"{"description":"x"}"#, [.ifMatch: "\"r1\""])
            #expect(stale.problem == "412 revision_mismatch")
            #expect(try await client.patch(path, "{}", [.ifMatch: "r1"]).problem == "400 invalid_if_match")
            let body = try await client.get(path).body(WebhookEndpointBody.self)
            #expect(body.eventTypes == ["*"] && body.description.isEmpty && body.revision == 2)
        }
    }

    @Test("secrets are rotated with an overlap")
    func rotation() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let path = "/v1/webhook_endpoints/" + (try await endpoint(client)) + "/secrets"
            let made = try await client.post(path, #"{"expire_previous_in":3600}"#)
            try await expectContract(made, 201, "WebhookSecret", client)
            #expect(try made.body(WebhookSecretBody.self).secret?.hasPrefix("whsec_") == true)
            let list = try await client.get(path)
            try await expectContract(list, 200, "WebhookSecretList", client)
            let secrets = try list.body(ListBody<WebhookSecretBody>.self).data
            #expect(secrets.count == 2 && secrets[0].endsAt == nil && secrets[1].endsAt != nil)
            #expect(secrets.allSatisfy { $0.secret == nil })
            #expect(
                try await client.post(path, #"{"expire_previous_in":604801}"#).issues
                    == ["/expire_previous_in invalid_value"])
        }
    }

    @Test("a test is answered with its attempt, ten times in a minute")
    func tests() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let path = "/v1/webhook_endpoints/" + (try await endpoint(client)) + "/test"
            for type in EventType.allCases where type.isDelivered {
                world.clock.advance(milliseconds: 60_000)
                let answer = try await client.post(path, #"{"type":"\#(type.rawValue)"}"#)
                try await expectContract(answer, 200, "WebhookDelivery", client)
                let body = try answer.body(WebhookDeliveryBody.self)
                #expect(body.state == "succeeded" && body.cause == "test" && body.attemptLog?.count == 1)
                #expect(body.body?.contains("\"livemode\":false") == true)
            }
            world.receiver.answers(500)
            world.clock.advance(milliseconds: 60_000)
            for _ in 0..<10 {
                #expect(try await client.post(path, "{}").body(WebhookDeliveryBody.self).failure == "http_5xx")
            }
            #expect(try await client.post(path, "{}").problem == "429 webhook_test_limit")
            #expect(
                try await client.post(path, #"{"type":"task.leaked"}"#).issues == ["/type webhook_event_type_unknown"])
        }
    }

    @Test("no more than twenty endpoints")
    func limit() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            for _ in 0..<20 { _ = try await endpoint(client) }
            let more = try await client.post("/v1/webhook_endpoints", #"{"url":"https://example.com/"}"#)
            #expect(more.problem == "409 webhook_endpoint_limit")
            let list = try await client.get("/v1/webhook_endpoints").body(ListBody<WebhookEndpointBody>.self).data
            #expect(try await client.send(.delete, "/v1/webhook_endpoints/\(list[0].id)").status == 204)
            _ = try await endpoint(client)
        }
    }

    @Test("without a key of secrets endpoints are refused, and the feed is read all the same")
    func unavailable() async throws {
        let world = try await EdgeWorld.make().withoutWebhooks
        try await world.test { client in
            let answer = try await client.post("/v1/webhook_endpoints", #"{"url":"https://example.com/"}"#)
            #expect(answer.problem == "503 webhooks_unavailable")
            #expect(try await client.get("/v1/events").status == 200)
        }
    }

    private func endpoint(_ client: EdgeClient) async throws -> String {
        try await client.post("/v1/webhook_endpoints", #"{"url":"https://example.com/in"}"#)
            .body(WebhookEndpointBody.self).id
    }
}

extension EdgeWorld {
    /// The same world on an installation that has no key.
    fileprivate var withoutWebhooks: EdgeWorld {
        let services = EdgeServices(engine, health: Self.health(of: Readiness(engine)))
        return EdgeWorld(
            clock: clock, engine: engine, api: RushesAPI(services), receiver: receiver, webhooks: webhooks,
            first: first, second: second)
    }
}
