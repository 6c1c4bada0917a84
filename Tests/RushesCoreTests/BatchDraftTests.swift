import RushesCore
import Testing

@Suite struct BatchDraftTests {
    private func draft(_ change: (inout BatchDraft) -> Void = { _ in }) -> BatchDraft {
        var draft = BatchDraft(
            requestID: "r-1", model: "veo-pro", tasks: [TaskDraft(prompt: "a"), TaskDraft(prompt: "b")])
        change(&draft)
        return draft
    }

    private func issues(_ model: VideoModel = RushesCoreTests.model(), _ change: (inout BatchDraft) -> Void)
        -> InputIssues
    {
        do throws(InputIssues) {
            _ = try draft(change).validated(for: id(1), model: model)
            return InputIssues()
        } catch {
            return error
        }
    }

    private func codes(_ change: (inout BatchDraft) -> Void) -> [String] {
        issues(RushesCoreTests.model(), change).listed.map { "\($0.pointer) \($0.code)" }
    }

    @Test func defaultsAreApplied() throws {
        let request = try draft {
            $0.tasks = [TaskDraft(), TaskDraft(customID: "x", prompt: "own", seconds: 4, size: "720x1280")]
            $0.defaults = TaskDefaults(prompt: "shared", seconds: 6)
        }.validated(for: id(1), model: model())
        #expect(
            request.tasks == [
                TaskSpecification(customID: "row-000001", prompt: "shared", seconds: 6, size: "1280x720"),
                TaskSpecification(customID: "x", prompt: "own", seconds: 4, size: "720x1280"),
            ])
        let plain = try draft().validated(for: id(1), model: model())
        #expect(plain.tasks.map(\.seconds) == [8, 8])
        #expect(plain.tasks.map(\.customID) == ["row-000001", "row-000002"])
    }

    @Test func theTenThousandthDefaultNameHasItsPlace() throws {
        let request = try draft { $0.tasks = Array(repeating: TaskDraft(prompt: "p"), count: 10_000) }
            .validated(for: id(1), model: model())
        #expect(request.tasks[9_999].customID == "row-010000")
        #expect(
            codes { $0.tasks = Array(repeating: TaskDraft(prompt: "p"), count: 10_001) } == ["/tasks too_many_tasks"])
        let small = model(maxBatch: 3)
        #expect(issues(small) { $0.tasks = Array(repeating: TaskDraft(prompt: "p"), count: 4) }.total == 1)
    }

    @Test func theMinimumIsTheFreezesMatter() {
        #expect(codes { $0.tasks = [TaskDraft(prompt: "p")] }.isEmpty)
        #expect(codes { $0.tasks = [] } == ["/tasks missing_tasks"])
    }

    @Test(arguments: [
        ("a", true), (String(repeating: "x", count: 255), true), ("a b~", true), ("", false),
        (String(repeating: "x", count: 256), false), ("a\n", false), ("é", false), ("\u{7f}", false),
    ])
    func theRequestID(text: String, isRight: Bool) {
        #expect(codes { $0.requestID = text } == (isRight ? [] : ["/request_id invalid_request_id"]))
    }

    @Test(arguments: [
        ("a", true), (String(repeating: "x", count: 200), true), ("名前", true), ("", false),
        (String(repeating: "x", count: 201), false), ("a\tb", false),
        // One character to the reader, three hundred to the disk.
        ("e" + String(repeating: "\u{301}", count: 300), false),
    ])
    func theName(text: String, isRight: Bool) {
        #expect(codes { $0.name = text } == (isRight ? [] : ["/name invalid_name"]))
    }

    @Test(arguments: [
        ("a.B_9-", true), (String(repeating: "x", count: 64), true), ("", false),
        (String(repeating: "x", count: 65), false), ("a b", false), ("a/b", false), ("é", false),
    ])
    func theCustomID(text: String, isRight: Bool) {
        #expect(codes { $0.tasks[1].customID = text } == (isRight ? [] : ["/tasks/1/custom_id invalid_custom_id"]))
    }

    @Test(
        arguments: [
            ("a", nil), ("line\r\n\ttab", nil), (String(repeating: "字", count: 8_000), nil), ("", "missing_prompt"),
            (String(repeating: "字", count: 8_001), "prompt_too_long"), ("a\u{0}", "invalid_characters"),
            ("\u{7f}", "invalid_characters"), ("e" + String(repeating: "\u{301}", count: 8_000), "prompt_too_long"),
        ] as [(String, String?)])
    func thePrompt(text: String, code: String?) {
        #expect(codes { $0.tasks[0].prompt = text } == (code.map { ["/tasks/0/prompt \($0)"] } ?? []))
    }

    @Test func numbersAndSizesAreOnesThatTheModelTakes() {
        #expect(codes { $0.tasks[1].seconds = 7 } == ["/tasks/1/seconds unsupported_seconds"])
        #expect(codes { $0.tasks[1].size = "1x1" } == ["/tasks/1/size unsupported_size"])
        #expect(codes { $0.defaults.seconds = 0 }.count == 2)
        for (value, isRight) in [(0, false), (1, true), (10_000, true), (10_001, false), (-1, false)] {
            #expect(codes { $0.maxConcurrency = value }.isEmpty == isRight)
        }
        for (value, isRight) in [(0, false), (1, true), (720, true), (721, false)] {
            #expect(codes { $0.windowHours = value } == (isRight ? [] : ["/window_hours invalid_window_hours"]))
        }
    }

    @Test func aNameIsUniqueInTheBatchDefaultsIncluded() {
        #expect(codes { $0.tasks[1].customID = "row-000001" } == ["/tasks/1/custom_id duplicate_custom_id"])
        #expect(
            codes { $0.tasks = Array(repeating: TaskDraft(customID: "x", prompt: "p"), count: 3) } == [
                "/tasks/1/custom_id duplicate_custom_id", "/tasks/2/custom_id duplicate_custom_id",
            ])
    }

    @Test func metadataIsBounded() {
        let full = Dictionary(uniqueKeysWithValues: (0..<16).map { ("k\($0)", String(repeating: "v", count: 512)) })
        #expect(codes { $0.metadata = full }.isEmpty)
        #expect(codes { $0.metadata = full.merging(["more": ""]) { $1 } } == ["/metadata metadata_limit"])
        #expect(codes { $0.metadata = ["": "v"] } == ["/metadata/ metadata_limit"])
        #expect(codes { $0.metadata = [String(repeating: "k", count: 64): "v"] }.isEmpty)
        #expect(codes { $0.metadata = [String(repeating: "k", count: 65): "v"] }.count == 1)
        #expect(
            codes { $0.metadata = ["a/b~c": String(repeating: "v", count: 513)] } == [
                "/metadata/a~1b~0c metadata_limit"
            ])
        #expect(codes { $0.metadata = ["k": "a\u{0}"] }.count == 1)
        #expect(codes { $0.metadata = ["k": "e" + String(repeating: "\u{301}", count: 600)] }.count == 1)
    }

    @Test func everythingIsReportedAtOnceInTheOrderOfTheInput() {
        let found = codes {
            $0.requestID = ""
            $0.windowHours = 0
            $0.tasks[0].prompt = nil
            $0.tasks[1].seconds = 1
            $0.tasks[1].size = "x"
        }
        #expect(
            found == [
                "/request_id invalid_request_id", "/window_hours invalid_window_hours",
                "/tasks/0/prompt missing_prompt",
                "/tasks/1/seconds unsupported_seconds", "/tasks/1/size unsupported_size",
            ])
    }

    @Test func aThousandIssuesAreListedAndAllAreCounted() {
        let found = issues { $0.tasks = Array(repeating: TaskDraft(seconds: 1), count: 700) }
        #expect(found.total == 1_400)
        #expect(found.listed.count == Limits.listedErrorsMax)
    }
}
