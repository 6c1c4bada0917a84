import RushesCore
import RushesWire
import Testing

@Suite("Batch request as JSON")
struct BatchJSONTests {
    private func issues(_ text: String) throws -> [String] {
        try BatchJSON.read(Array(text.utf8)).issues.listed.map { ($0.pointer ?? "-") + " " + $0.code }
    }

    @Test("reads every member")
    func everyMember() throws {
        let parsed = try BatchJSON.read(
            Array(
                """
                {"request_id":"r-1","model":"sora-2","name":"Spring","max_concurrency":3,"window_hours":48,
                 "metadata":{"team":"a","":"b"},"defaults":{"prompt":"p","seconds":4,"size":"1280x720"},
                 "tasks":[{"custom_id":"a","prompt":"x\\ny","seconds":8,"size":"720x1280"},{}]}
                """.utf8))
        #expect(parsed.issues.isEmpty)
        #expect(
            parsed.draft
                == BatchDraft(
                    requestID: "r-1", model: "sora-2", name: "Spring",
                    tasks: [TaskDraft(customID: "a", prompt: "x\ny", seconds: 8, size: "720x1280"), TaskDraft()],
                    defaults: TaskDefaults(prompt: "p", seconds: 4, size: "1280x720"),
                    metadata: ["team": "a", "": "b"], maxConcurrency: 3, windowHours: 48))
    }

    @Test("what a client writes is what the server reads")
    func clientBody() throws {
        let input = BatchInput(
            requestID: "r-1", model: "veo-pro", tasks: [TaskInput(prompt: "a"), TaskInput(prompt: "b", seconds: 8)])
        let parsed = try BatchJSON.read(try WireJSON.encode(input))
        #expect(parsed.issues.isEmpty)
        #expect(parsed.draft.tasks == [TaskDraft(prompt: "a"), TaskDraft(prompt: "b", seconds: 8)])
    }

    @Test("names every member that is unknown, missing or of the wrong type, at once")
    func everyIssue() throws {
        #expect(
            try issues(
                """
                {"model":7,"name":null,"max_concurrency":1.0,"window_hours":"24","is_admin":{"x":[1]},
                 "metadata":{"a/b":1},"defaults":[],"tasks":[{"seconds":"8"},7,{"prompt":"a","unit_price":0},
                 {"seconds":1e1},{"seconds":9223372036854775808}]}
                """) == [
                    "/model invalid_type", "/max_concurrency invalid_type", "/window_hours invalid_type",
                    "/is_admin unknown_field", "/metadata/a~1b invalid_type", "/defaults invalid_type",
                    "/tasks/0/seconds invalid_type", "/tasks/1 invalid_type", "/tasks/2/unit_price unknown_field",
                    "/tasks/3/seconds invalid_type", "/tasks/4/seconds invalid_type", "/request_id missing_field",
                ])
        #expect(try issues("[]") == [" invalid_type"])
        #expect(
            try issues("{}") == ["/request_id missing_field", "/model missing_field", "/tasks missing_field"])
    }

    @Test("lists 1,000 issues and counts them all")
    func manyIssues() throws {
        let tasks = repeatElement("{\"seconds\":\"x\"}", count: 3_000).joined(separator: ",")
        let parsed = try BatchJSON.read(Array("{\"request_id\":\"r\",\"model\":\"m\",\"tasks\":[\(tasks)]}".utf8))
        #expect(parsed.issues.listed.count == 1_000)
        #expect(parsed.issues.total == 3_000)
    }

    @Test("keeps one issue per place when the rules look at it too")
    func mergesIssues() throws {
        var parsed = try BatchJSON.read(
            Array("{\"request_id\":7,\"model\":\"m\",\"tasks\":[{\"prompt\":1},3,{}]}".utf8))
        var rules = InputIssues()
        rules.add(InputIssue(.field("request_id"), "invalid_request_id", ""))
        rules.add(InputIssue(.task(0, field: "prompt"), "missing_prompt", ""))
        rules.add(InputIssue(.task(1, field: "prompt"), "missing_prompt", ""))
        rules.add(InputIssue(.task(2, field: "prompt"), "missing_prompt", ""))
        parsed.issues.add(rules, rows: nil)
        #expect(
            parsed.issues.listed.map(\.pointer)
                == ["/request_id", "/tasks/0/prompt", "/tasks/1", "/tasks/2/prompt"])
        #expect(parsed.issues.total == 4)
    }
}
