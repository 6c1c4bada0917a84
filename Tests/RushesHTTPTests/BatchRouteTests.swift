import HTTPTypes
import RushesCore
import RushesEngine
import RushesTesting
import RushesWire
import Testing

@Suite("Batches, tasks and results", .onEachDatabase)
struct BatchRouteTests {
    private func create(_ client: EdgeClient, _ requestID: String, prompts: [String]) async throws -> BatchBody {
        let tasks = prompts.map { TaskInput(prompt: $0) }
        let input = BatchInput(requestID: requestID, model: "sora-2", tasks: tasks)
        let text = String(decoding: try WireJSON.encode(input), as: UTF8.self)
        return try await client.post("/v1/batches", text).body(BatchBody.self)
    }

    @Test("lists batches newest first, page by page, and refuses cursors that it did not make")
    func pages() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            var ids: [String] = []
            for number in 0..<5 { ids.append(try await create(client, "r-\(number)", prompts: ["a", "b"]).id) }
            var seen: [String] = []
            var cursor: String?
            repeat {
                let answer = try await client.get("/v1/batches?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
                try await expectContract(answer, 200, "BatchList", client)
                let page = try answer.body(ListBody<BatchBody>.self)
                #expect(page.hasMore == (page.nextCursor != nil))
                seen += page.data.map(\.id)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(seen == ids.reversed())
            let made = try #require(
                try await client.get("/v1/batches?limit=1").body(ListBody<BatchBody>.self).nextCursor)
            let changed = String(made.dropLast()) + (made.hasSuffix("A") ? "B" : "A")
            for text in [changed, "x", "%2e", String(made.reversed())] {
                #expect(try await client.get("/v1/batches?cursor=\(text)").problem == "400 invalid_cursor")
            }
            #expect(try await client.get("/v1/ledger?cursor=\(made)").problem == "400 invalid_cursor")
            let found = try await client.get("/v1/batches?request_id=r-3").body(ListBody<BatchBody>.self)
            #expect(found.data.map(\.id) == [ids[3]])
            #expect(try await client.get("/v1/batches?request_id=none").body(ListBody<BatchBody>.self).data == [])
        }
    }

    @Test("tasks that were removed after their time are gone, the batch is not")
    func removed() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let batch = try await create(client, "r", prompts: ["a", "[fail] b"])
            try await world.work()
            let path = "/v1/batches/\(batch.id)"
            let tasks = try await client.get("\(path)/tasks").body(ListBody<TaskBody>.self).data
            let asset = try #require(tasks.compactMap(\.assetID).first)
            world.clock.advance(milliseconds: 30 * 86_400_000)
            let remover = TaskRemover(world.engine, keeping: TaskRetention(days: 30))
            while try await remover.step() > 0 {}
            for list in ["tasks", "tasks?status=failed", "results.jsonl"] {
                #expect(try await client.get("\(path)/\(list)").problem == "410 tasks_expunged")
            }
            for gone in ["/v1/tasks/\(tasks[0].id)", "/v1/assets/\(asset)", "/v1/assets/\(asset)/content"] {
                #expect(try await client.get(gone).problem == "404 not_found")
            }
            let shown = try await client.get(path)
            try await expectContract(shown, 200, "Batch", client)
            let body = try shown.body(BatchBody.self)
            #expect(body.status == "partial" && body.tasksRemovedAt != nil && body.chargedMicros == 490_000)
            let again = try await create(client, "r", prompts: ["a", "[fail] b"])
            #expect(again.id == batch.id && again.tasksRemovedAt == nil)
            let other = try await client.post(
                "/v1/batches", #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"c"}]}"#)
            #expect(other.problem == "422 idempotency_mismatch")
            let feed = try await client.get("/v1/events").body(ListBody<EventBody>.self).data
            let settled = feed.filter { $0.type == "tasks.settled" }
            #expect(!settled.isEmpty && settled.allSatisfy { $0.data["results_removed"] == .flag(true) })
        }
    }

    @Test("shows tasks by status, a task with its attempts, and the results, also while it runs")
    func tasksAndResults() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let batch = try await create(client, "r", prompts: ["a", "[fail] b", "c"])
            let running = try await client.get("/v1/batches/\(batch.id)/results.jsonl")
            #expect(running.text.split(separator: "\n").count == 3)
            #expect(running.text.contains(#""charged_micros":null"#))
            try await world.work()
            let shown = try await client.get("/v1/batches/\(batch.id)")
            try await expectContract(shown, 200, "Batch", client)
            let done = try shown.body(BatchBody.self)
            #expect(done.status == "partial")
            #expect(done.chargedMicros == 2 * 490_000 && done.refundedMicros == 490_000 && done.heldMicros == 0)
            let failed = try await client.get("/v1/batches/\(batch.id)/tasks?status=failed")
            try await expectContract(failed, 200, "TaskList", client)
            let task = try #require(try failed.body(ListBody<TaskBody>.self).data.first)
            #expect(task.customID == "row-000002" && task.chargedMicros == 0)
            #expect(task.failure?.type == "moderated")
            #expect(!failed.text.contains("secret words"))
            let single = try await client.get("/v1/tasks/\(task.id)")
            try await expectContract(single, 200, "Task", client)
            #expect(try single.body(TaskBody.self).attemptHistory?.map(\.number) == [1])
            #expect(!single.text.contains("secret words"))
            let results = try await client.get("/v1/batches/\(batch.id)/results.jsonl")
            #expect(results.headers[.contentType] == "application/jsonl")
            let document = try await client.get("/openapi.json").json
            let lines = results.text.split(separator: "\n").map { Array($0.utf8) }
            for line in lines {
                #expect(ContractSchema(document).defects(of: try JSONValue(line), as: "Result") == [])
            }
            let read = try lines.map { try WireJSON.decode(ResultLine.self, from: $0) }
            #expect(read.map(\.status) == ["succeeded", "failed", "succeeded"])
            #expect(
                read.map { $0.asset?.bytes } == [
                    Int64(InstantProvider.video.count), nil, Int64(InstantProvider.video.count),
                ])
        }
    }

    @Test("streams the results of more tasks than one page holds, in order")
    func longResults() async throws {
        let world = try await EdgeWorld.make(creditMicros: 1_000_000_000)
        try await world.test { client in
            let batch = try await create(client, "r", prompts: (0..<1_203).map { "shot \($0)" })
            let lines = try await client.get("/v1/batches/\(batch.id)/results.jsonl").text.split(separator: "\n")
            let read = try lines.map { try WireJSON.decode(ResultLine.self, from: Array($0.utf8)) }
            #expect(read.map(\.index) == Array(0..<1_203))
        }
    }

    @Test("cancels what is not dispatched; a repeat changes nothing")
    func cancels() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let batch = try await create(client, "r", prompts: ["a", "b"])
            let first = try await client.send(.post, "/v1/batches/\(batch.id)/cancel")
            try await expectContract(first, 202, "Batch", client)
            let again = try await client.post("/v1/batches/\(batch.id)/cancel", "{}")
            #expect(again.bytes == first.bytes)
            #expect(try await client.post("/v1/batches/\(batch.id)/cancel", #"{"x":1}"#).issues == ["/x unknown_field"])
            try await world.work()
            let done = try await client.get("/v1/batches/\(batch.id)").body(BatchBody.self)
            #expect(done.status == "failed" && done.refundedMicros == done.frozenMicros)
            let replay = try await client.post(
                "/v1/batches", #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#)
            #expect(try replay.body(BatchBody.self) == batch)
        }
    }

    @Test("refuses filters and pages that do not exist")
    func filters() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let batch = try await create(client, "r", prompts: ["a", "b"])
            let tasks = "/v1/batches/\(batch.id)/tasks"
            for query in [
                "status=done", "status=", "limit=0", "limit=101", "limit=x", "limit=+5", "page=2", "limit=1&limit=2",
            ] {
                #expect(try await client.get("\(tasks)?\(query)").problem == "422 invalid_request", "\(query)")
            }
            #expect(try await client.get("\(tasks)?limit=%zz").problem == "400 malformed_query")
            #expect(try await client.get("\(tasks)?cursor=%ff").problem == "400 malformed_query")
            let both = try await client.get("\(tasks)?status=queued,failed").body(ListBody<TaskBody>.self)
            #expect(both.data.count == 2)
            #expect(try await client.post("/v1/batches?dryrun=true", "{}").issues == ["dryrun unknown_parameter"])
        }
    }
}
