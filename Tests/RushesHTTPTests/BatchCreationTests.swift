import HTTPTypes
import RushesCore
import RushesEngine
import RushesTesting
import RushesWire
import Testing

@Suite("Creating a batch", .onEachDatabase)
struct BatchCreationTests {
    private let three = #"""
        {"request_id":"r-1","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b","seconds":8},{"prompt":"c, \"d\""}]}
        """#

    @Test("answers 201 with the batch, and freezes its cost")
    func creates() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let answer = try await client.post("/v1/batches", three)
            try await expectContract(answer, 201, "Batch", client)
            let batch = try answer.body(BatchBody.self)
            #expect(answer.headers[.location] == "/v1/batches/\(batch.id)")
            #expect(batch.frozenMicros == 3 * 490_000)
            #expect(batch.heldMicros == batch.frozenMicros)
            #expect(batch.counts == BatchCountsBody(total: 3, queued: 3, running: 0, succeeded: 0, failed: 0))
            let wallet = try await client.get("/v1/wallet").body(WalletBody.self)
            #expect(wallet.heldMicros == batch.frozenMicros)
            #expect(wallet.availableMicros == 49_000_000 - batch.frozenMicros)
        }
    }

    @Test("answers an equal request again, whatever its format, and refuses another one with the pointer")
    func idempotency() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let first = try await client.post("/v1/batches", three)
            let replay = try await client.post("/v1/batches", three)
            let query = "?request_id=r-1&model=sora-2"
            let csv = try await client.post(
                "/v1/batches\(query)", "prompt,seconds\r\na,\r\nb,8\r\n\"c, \"\"d\"\"\",4\r\n",
                type: "text/csv; charset=UTF-8")
            let lines = try await client.post(
                "/v1/batches\(query)",
                "{\"prompt\":\"a\"}\n{\"prompt\":\"b\",\"seconds\":8}\n{\"prompt\":\"c, \\\"d\\\"\"}\n",
                type: "application/jsonl")
            for answer in [replay, csv, lines] {
                #expect(answer.status == 201, "\(answer.text)")
                #expect(answer.bytes == first.bytes)
                #expect(answer.headers[.init("Idempotent-Replayed")!] == "true")
            }
            #expect(first.headers[.init("Idempotent-Replayed")!] == nil)
            let other = try await client.post("/v1/batches", three.replacing("\"b\"", with: "\"x\""))
            #expect(other.problem == "422 idempotency_mismatch")
            #expect(other.issues == ["/tasks/1/prompt differs"])
            #expect(try await client.get("/v1/batches").body(ListBody<BatchBody>.self).data.count == 1)
        }
    }

    @Test("64 equal requests at once make one batch and get equal answers")
    func parallel() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let answers = try await withThrowingTaskGroup(of: EdgeAnswer.self) { group in
                for _ in 0..<64 { group.addTask { try await client.post("/v1/batches", three) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.map(\.bytes)).count == 1)
            #expect(answers.count { $0.headers[.init("Idempotent-Replayed")!] == nil } == 1)
            let wallet = try await client.get("/v1/wallet").body(WalletBody.self)
            #expect(wallet.heldMicros == 3 * 490_000)
        }
    }

    @Test("a dry run answers a quote and writes nothing, with a key in use or none")
    func dryRun() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let keyless = three.replacing("\"request_id\":\"r-1\",", with: "")
            for text in [three, keyless] {
                let answer = try await client.post("/v1/batches?dry_run=true", text)
                try await expectContract(answer, 200, "Quote", client)
                let quote = try answer.body(QuoteBody.self)
                #expect(quote.totalMicros == 1_470_000)
                #expect(quote.availableAfterMicros == 47_530_000)
                #expect(quote.canStart)
            }
            let sheet = try await client.post("/v1/batches?model=sora-2&dry_run=true", "prompt\na\n", type: "text/csv")
            #expect(try sheet.body(QuoteBody.self).canStart == false)
            #expect(try await client.get("/v1/batches").body(ListBody<BatchBody>.self).data == [])
            #expect(try await client.get("/v1/ledger").body(ListBody<LedgerEntryBody>.self).data.count == 2)
            #expect(try await client.post("/v1/batches", keyless).issues == ["/request_id missing_field"])
        }
    }

    @Test("a wallet one micro short: 402 and nothing written; the same key works after a top-up")
    func insufficientCredits() async throws {
        let world = try await EdgeWorld.make(creditMicros: 3 * 490_000 - 1)
        try await world.test { client in
            let refused = try await client.post("/v1/batches", three)
            try await expectContract(refused, 402, "Problem", client)
            #expect(refused.problem == "402 insufficient_credits")
            #expect(try refused.body(ProblemBody.self).shortMicros == 1)
            let quote = try await client.post("/v1/batches?dry_run=true", three).body(QuoteBody.self)
            #expect(quote.shortMicros == 1)
            #expect(quote.availableAfterMicros == nil)
            #expect(try await client.get("/v1/batches").body(ListBody<BatchBody>.self).data == [])
            _ = try await OperatorService(world.engine).confirmPurchase(
                .topup(Credits(micros: 1)), for: world.first.organization, reference: "one more")
            #expect(try await client.post("/v1/batches", three).status == 201)
        }
    }

    @Test("refuses a model whose lane was killed, and lists it as unavailable")
    func unavailableModel() async throws {
        let world = try await EdgeWorld.make()
        let lane = try #require(Catalogue.sample.model("sora-2")).route.lane
        _ = try await OperatorService(world.engine).control(lane, .killed, reason: nil)
        try await world.test { client in
            let body = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#
            for path in ["/v1/batches", "/v1/batches?dry_run=true"] {
                let refused = try await client.post(path, body)
                try await expectContract(refused, 422, "Problem", client)
                #expect(refused.problem == "422 invalid_request" && refused.issues == ["/model model_unavailable"])
            }
            let answer = try await client.get("/v1/models")
            try await expectContract(answer, 200, "ModelList", client)
            let models = try answer.body(ListBody<ModelBody>.self).data
            #expect(models.map(\.state) == ["unavailable", "retired"])
        }
    }

    @Test("lists everything that is wrong at once")
    func everythingAtOnce() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let json = try await client.post(
                "/v1/batches",
                #"{"request_id":"é","model":"sora-2","tasks":[{"prompt":"","seconds":5},{"size":7},{"x":1,"prompt":"a"}],"is_admin":true}"#
            )
            try await expectContract(json, 422, "Problem", client)
            #expect(
                Set(json.issues) == [
                    "/tasks/1/size invalid_type", "/tasks/2/x unknown_field", "/is_admin unknown_field",
                    "/request_id invalid_request_id", "/tasks/0/prompt missing_prompt",
                    "/tasks/0/seconds unsupported_seconds", "/tasks/1/prompt missing_prompt",
                ])
            let csv = try await client.post(
                "/v1/batches?request_id=r&model=sora-2", "prompt,seconds\na,x\n,4\nb,5\n\"c,4\n", type: "text/csv")
            #expect(csv.problem == "422 invalid_request")
            #expect(
                csv.issues == [
                    "2/seconds invalid_type", "3/prompt missing_prompt", "4/seconds unsupported_seconds",
                    "5/prompt unbalanced_quote",
                ])
            #expect(try await client.get("/v1/batches").body(ListBody<BatchBody>.self).data == [])
        }
    }

    @Test(
        "refuses with the right status and code",
        arguments: [
            (
                #"{"request_id":"r","model":"sora-9","tasks":[{"prompt":"a"}]}"#, "422 invalid_request",
                "/model unknown_model"
            ),
            (
                #"{"request_id":"r","model":"old-1","tasks":[{"prompt":"a"}]}"#, "422 invalid_request",
                "/model model_retired"
            ),
            (
                #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"}]}"#, "422 invalid_request",
                "/tasks below_minimum"
            ),
            (#"{"request_id":"r","model":"sora-2","tasks":[]}"#, "422 invalid_request", "/tasks missing_tasks"),
            (#"{"request_id":"r","request_id":"s","model":"sora-2","tasks":[]}"#, "400 duplicate_key", nil),
            (#"{"request_id":"r""#, "400 malformed_json", nil), ("", "400 malformed_json", nil),
            (#"{"request_id":"\u0000"}"#, "400 nul_character", nil),
            (#"{"a":"# + String(repeating: "[", count: 40), "422 invalid_request", nil),
            (
                #"{"request_id":"r","model":"sora-2","window_hours":1e2,"tasks":[{"prompt":"a"},{"prompt":"b"}]}"#,
                "422 invalid_request", "/window_hours invalid_type"
            ),
            (
                #"{"request_id":"r","model":"sora-2","max_concurrency":9223372036854775807,"tasks":[{"prompt":"a"},{"prompt":"b"}]}"#,
                "422 invalid_request", "/max_concurrency invalid_max_concurrency"
            ),
        ] as [(String, String, String?)])
    func refuses(text: String, problem: String, issue: String?) async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let answer = try await client.post("/v1/batches", text)
            #expect(answer.problem == problem)
            if let issue { #expect(answer.issues == [issue]) }
        }
    }

    @Test("10,001 tasks are too many, in every format")
    func tooMany() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let tasks = repeatElement(#"{"prompt":"a"}"#, count: 10_001)
            let json = #"{"request_id":"r","model":"sora-2","tasks":[\#(tasks.joined(separator: ","))]}"#
            #expect(try await client.post("/v1/batches", json).issues == ["/tasks too_many_tasks"])
            let query = "?request_id=r&model=sora-2"
            let csv = "prompt\n" + repeatElement("a\n", count: 10_001).joined()
            #expect(
                try await client.post("/v1/batches\(query)", csv, type: "text/csv").issues == ["/tasks too_many_tasks"])
            let lines = try await client.post(
                "/v1/batches\(query)", tasks.joined(separator: "\n"), type: "application/jsonl")
            #expect(lines.issues == ["/tasks too_many_tasks"])
        }
    }
}
