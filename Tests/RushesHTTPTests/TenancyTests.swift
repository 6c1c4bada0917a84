import HTTPTypes
import RushesCore
import RushesEngine
import RushesHTTP
import RushesStore
import RushesTesting
import RushesWire
import Testing

/// One organization must not learn anything by another one's identifiers.
@Suite("Tenancy", .onEachDatabase)
struct TenancyTests {
    /// Every route that takes an identifier, with how to ask it; a new route fails the test until it stands here.
    private struct Case: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let kind: Kind
        var body: String?

        enum Kind: Sendable {
            case batch, task, asset, purchase, apiKey, endpoint, delivery, recovery, invoice
        }

        var name: String { "\(method.rawValue) \(path)" }
    }

    private static let cases: [Case] = [
        Case(method: .get, path: "/v1/batches/{id}", kind: .batch),
        Case(method: .post, path: "/v1/batches/{id}/cancel", kind: .batch),
        Case(method: .get, path: "/v1/batches/{id}/tasks", kind: .batch),
        Case(method: .get, path: "/v1/batches/{id}/results.jsonl", kind: .batch),
        Case(method: .get, path: "/v1/tasks/{id}", kind: .task),
        Case(method: .get, path: "/v1/assets/{id}", kind: .asset),
        Case(method: .get, path: "/v1/assets/{id}/content", kind: .asset),
        Case(method: .get, path: "/v1/assets/{id}/content?variant=poster", kind: .asset),
        Case(method: .get, path: "/v1/ledger?batch_id={id}", kind: .batch),
        Case(method: .get, path: "/v1/purchases/{id}", kind: .purchase),
        Case(method: .post, path: "/v1/purchases/{id}/cancel", kind: .purchase, body: ""),
        Case(method: .get, path: "/v1/webhook_endpoints/{id}", kind: .endpoint),
        Case(method: .patch, path: "/v1/webhook_endpoints/{id}", kind: .endpoint, body: "{}"),
        Case(method: .get, path: "/v1/webhook_endpoints/{id}/secrets", kind: .endpoint),
        Case(method: .post, path: "/v1/webhook_endpoints/{id}/secrets", kind: .endpoint, body: "{}"),
        Case(method: .get, path: "/v1/webhook_endpoints/{id}/deliveries", kind: .endpoint),
        Case(method: .post, path: "/v1/webhook_endpoints/{id}/test", kind: .endpoint, body: "{}"),
        Case(
            method: .post, path: "/v1/webhook_endpoints/{id}/recover", kind: .endpoint,
            body: #"{"since":"2026-11-18T00:00:00Z"}"#),
        Case(method: .get, path: "/v1/webhook_recoveries/{id}", kind: .recovery),
        Case(method: .get, path: "/v1/webhook_deliveries/{id}", kind: .delivery),
        Case(
            method: .post, path: "/v1/webhook_deliveries/{id}/resend", kind: .delivery,
            body: #"{"include_succeeded":true}"#),
        Case(method: .post, path: "/v1/webhook_endpoints/{id}/disable", kind: .endpoint, body: ""),
        Case(method: .post, path: "/v1/webhook_endpoints/{id}/enable", kind: .endpoint, body: "{}"),
        Case(method: .delete, path: "/v1/webhook_endpoints/{id}", kind: .endpoint),
        Case(method: .put, path: "/v1/budgets", kind: .apiKey, body: #"{"api_key_id":"{id}","period":"day"}"#),
        Case(method: .get, path: "/v1/invoices/{id}", kind: .invoice),
        Case(method: .get, path: "/v1/invoices/{id}.html", kind: .invoice),
        Case(method: .post, path: "/v1/rpc/freeze_credits_for_batch", kind: .batch, body: #"{"batch_id":"{id}"}"#),
        Case(method: .post, path: "/v1/rpc/finalize_batch_credits", kind: .batch, body: #"{"batch_id":"{id}"}"#),
    ]
    /// Routes that take no identifier of anything that somebody owns. A provider's webhook names a job, carries no
    /// tenant, and is answered alike whoever's job it is.
    private static let withoutIdentifiers: Set<String> = [
        "POST /v1/provider_events/{account}",
        "GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.json", "GET /docs", "GET /v1/status",
        "PUT /v1/wallet/alert", "GET /v1/packages", "GET /v1/budgets", "GET /v1/purchases", "POST /v1/purchases",
        "GET /v1/events", "GET /v1/invoices", "GET /v1/billing_profile", "PUT /v1/billing_profile",
        "GET /v1/models", "GET /v1/wallet", "GET /v1/ledger.jsonl", "GET /v1/ledger.csv", "GET /v1/statements",
        "GET /v1/webhook_endpoints", "POST /v1/webhook_endpoints",
        "GET /v1/statements/{month}", "GET /v1/statements/{month}.html", "POST /v1/batches", "GET /v1/batches",
    ]

    @Test("the table has every route")
    func everyRoute() async throws {
        let world = try await EdgeWorld.make()
        let covered = Set(Self.cases.map { $0.name.split(separator: "?")[0] }.map(String.init))
        let real = world.api.router().endpoints.map { "\($0.method.rawValue) \($0.path)" }
        #expect(covered.union(Self.withoutIdentifiers) == Set(real))
        #expect(covered.isDisjoint(with: Self.withoutIdentifiers))
    }

    @Test("another organization's identifier is as unknown as one that nothing has")
    func indistinguishable() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { owner in
            let text = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#
            let endpoint = try await owner.post("/v1/webhook_endpoints", #"{"url":"https://example.com/in"}"#)
                .body(WebhookEndpointBody.self)
            let batch = try await owner.post("/v1/batches", text).body(BatchBody.self)
            try await world.work()
            try await world.tell()
            let deliveries = try await owner.get("/v1/webhook_endpoints/\(endpoint.id)/deliveries")
                .body(ListBody<WebhookDeliveryBody>.self).data
            let recovery = try await owner.post(
                "/v1/webhook_endpoints/\(endpoint.id)/recover", #"{"since":"2026-11-18T00:00:00Z"}"#
            ).body(WebhookRecoveryBody.self)
            let task = try #require(
                try await owner.get("/v1/batches/\(batch.id)/tasks").body(ListBody<TaskBody>.self).data.first)
            let purchase = try await owner.post("/v1/purchases", #"{"request_id":"p","topup_micros":5}"#)
                .body(PurchaseBody.self)
            let key = try #require(try await AccessService(world.engine).authenticate(world.first.key))
            let invoice = try #require(
                try await owner.get("/v1/invoices").body(ListBody<InvoiceBody>.self).data.first)
            let stranger = owner.with(key: world.second.key)
            for item in Self.cases {
                let id =
                    switch item.kind {
                    case .batch: batch.id
                    case .task: task.id
                    case .purchase: purchase.id
                    case .endpoint: endpoint.id
                    case .delivery: try #require(deliveries.first?.id)
                    case .recovery: try #require(recovery.id)
                    case .apiKey: key.id.rawValue
                    case .invoice: invoice.id
                    case .asset: try #require(task.assetID)
                    }
                let mine = try await ask(owner, item, id)
                #expect((200..<300).contains(mine.status), "\(item.name): \(mine.text)")
                let unknown = String(id.dropLast(4)) + "0000"
                let answers = [
                    try await ask(stranger, item, id), try await ask(stranger, item, unknown),
                    try await ask(owner, item, unknown), try await ask(owner, item, "nonsense"),
                ]
                for answer in answers { #expect(answer.problem == "404 not_found", "\(item.name)") }
                #expect(Set(answers.map { $0.text.withoutRequestID }).count == 1, "\(item.name)")
                #expect(try await ask(owner.with(key: nil), item, id).problem == "401 invalid_api_key")
            }
            // The same key of idempotency is another batch for somebody else.
            let other = try await stranger.post("/v1/batches", text)
            #expect(other.status == 201 && other.headers[.init("Idempotent-Replayed")!] == nil)
            #expect(try await stranger.get("/v1/batches").body(ListBody<BatchBody>.self).data.count == 1)
            #expect(try await stranger.get("/v1/budgets").body(ListBody<BudgetBody>.self).data.isEmpty)
            #expect(try await stranger.get("/v1/purchases").body(ListBody<PurchaseBody>.self).data.count == 1)
            #expect(try await stranger.get("/v1/webhook_endpoints").body(ListBody<WebhookEndpointBody>.self).data == [])
            let invoices = try await stranger.get("/v1/invoices").body(ListBody<InvoiceBody>.self).data
            #expect(invoices.allSatisfy { $0.organizationID == world.second.organization.rawValue })
            let events = try await stranger.get("/v1/events").body(ListBody<EventBody>.self).data
            #expect(events.allSatisfy { $0.batchID != batch.id })
            let after = try await owner.get("/v1/batches/\(batch.id)").body(BatchBody.self)
            #expect(after.cancelRequestedAt == nil || after.finishedAt != nil)
        }
    }

    @Test("exports and statements are of the key's organization alone")
    func exports() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { owner in
            let text = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#
            let batch = try await owner.post("/v1/batches", text).body(BatchBody.self)
            try await world.work()
            let stranger = owner.with(key: world.second.key)
            let months = try await owner.get("/v1/statements").body(ListBody<StatementMonthBody>.self).data
            let month = try #require(months.first?.month)
            let paths = [
                "/v1/ledger.jsonl", "/v1/ledger.csv", "/v1/statements/\(month)", "/v1/statements/\(month).html",
                "/v1/statements",
            ]
            for path in paths {
                #expect(try await owner.with(key: nil).get(path).problem == "401 invalid_api_key")
                let (mine, theirs) = (try await owner.get(path), try await stranger.get(path))
                #expect(mine.status == 200 && theirs.status == 200)
                #expect(!theirs.text.contains(batch.id) && !theirs.text.contains(world.first.organization.rawValue))
                #expect(!theirs.text.contains("sora-2") && !theirs.text.contains("pay-First"))
            }
            #expect(try await owner.get("/v1/ledger.csv").text.contains(batch.id))
        }
    }

    private func ask(_ client: EdgeClient, _ item: Case, _ id: String) async throws -> EdgeAnswer {
        let uri = item.path.replacing("{id}", with: id)
        guard let body = item.body else { return try await client.send(item.method, uri) }
        let bytes = Array(body.replacing("{id}", with: id).utf8)
        return try await client.send(item.method, uri, [.contentType: "application/json"], bytes)
    }
}

extension String {
    fileprivate var withoutRequestID: String {
        replacing(#/req_[0-9a-z]{26}/#, with: "req")
    }
}
