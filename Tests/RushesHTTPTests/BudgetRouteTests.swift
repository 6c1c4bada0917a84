import RushesCore
import RushesEngine
import RushesStore
import RushesTesting
import RushesWire
import Testing

@Suite("Budgets over HTTP", .onEachDatabase)
struct BudgetRouteTests {
    @Test("are set and listed, and refuse a batch with 402 and a code of their own")
    func routes() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let text = #"{"project":"spring","period":"month","limit_micros":1500000}"#
            let set = try await client.put("/v1/budgets", text)
            try await expectContract(set, 200, "Budget", client)
            #expect(try set.body(BudgetBody.self).leftMicros == 1_500_000)
            let list = try await client.get("/v1/budgets")
            try await expectContract(list, 200, "BudgetList", client)
            let batch =
                #"{"request_id":"r","model":"sora-2","project":"spring","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#
            let made = try await client.post("/v1/batches", batch)
            try await expectContract(made, 201, "Batch", client)
            #expect(try made.body(BatchBody.self).project == "spring")
            let sheet = "/v1/batches?request_id=s&model=sora-2&project=spring"
            let quote = try await client.post(sheet + "&dry_run=true", "prompt\na\nb\n", type: "text/csv")
            try await expectContract(quote, 200, "Quote", client)
            let figures = try quote.body(QuoteBody.self)
            #expect(!figures.canStart && figures.shortMicros == 0 && figures.budgets.map(\.usedMicros) == [980_000])
            let refused = try await client.post(sheet, "prompt\na\nb\n", type: "text/csv")
            #expect(refused.problem == "402 budget_exceeded")
            let problem = try refused.body(ProblemBody.self)
            #expect(problem.shortMicros == 460_000)
            for words in ["project spring", "allows 1500000", "520000 are left"] {
                #expect(problem.detail.contains(words), "\(problem.detail)")
            }
            // Another project under the same key of idempotency is another request.
            let other = batch.replacing("spring", with: "autumn")
            #expect(try await client.post("/v1/batches", other).issues == ["/project differs"])
        }
    }

    @Test("say what is wrong with them")
    func wrong() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let cases = [
                (#"{"period":"month"}"#, [" invalid_value"]),
                (#"{"project":"p","period":"year"}"#, ["/period invalid_value"]),
                (#"{"project":"p","api_key_id":"k","period":"day"}"#, [" invalid_value"]),
                (#"{"project":"p","period":"day","limit_micros":-1}"#, ["/limit_micros invalid_value"]),
                (#"{"project":"","period":"day"}"#, ["/project invalid_value"]),
            ]
            for (text, issues) in cases {
                #expect(try await client.put("/v1/budgets", text).issues == issues, "\(text)")
            }
            let key = try #require(try await AccessService(world.engine).authenticate(world.first.key)).id
            let own = #"{"api_key_id":"\#(key)","period":"day","limit_micros":5}"#
            #expect(try await client.put("/v1/budgets", own).status == 200)
            let lifted = try await client.put("/v1/budgets", own)
            #expect(lifted.problem == "403 key_has_budget")
        }
    }
}
