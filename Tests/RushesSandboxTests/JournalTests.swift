import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import RushesSandbox

@Suite struct JournalTests {
    @Test func jobsAndCountersSurviveARestart() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            _ = try await client.job("first", headers: .attempt("tsk_a:1"))
            _ = try await client.job("second", headers: .attempt("tsk_a:2"))
            let failed = try await client.job("[sim:fail]", headers: .attempt("tsk_b:1"))
            _ = try await client.create(#"{"prompt":"p","seconds":"5"}"#)
            _ = try await client.send(.post, "/v1/videos", key: "wrong")
            _ = try await client.video(failed)
            _ = try await client.video(failed)
            fixture.advance(seconds: 600)
            _ = try await client.send(.delete, "/v1/videos/\(failed)")
        }
        try await fixture.run { client in
            let list = try JSONObject(try await client.send(.get, "/v1/videos?order=asc").body)
            #expect(list.objects("data").map { $0.string("prompt") } == ["first", "second"])
            #expect(list.objects("data").map { $0.string("status") } == ["completed", "completed"])
            let counters = try await client.counters()
            #expect(counters.int("creates_received") == 5)
            #expect(counters.int("creates_accepted") == 3)
            #expect(counters.members["creates_rejected"] as? [String: Int] == ["400": 1, "401": 1])
            #expect(
                counters.members["submissions_per_attempt"] as? [String: Int]
                    == ["tsk_a:1": 1, "tsk_a:2": 1, "tsk_b:1": 1])
            #expect(counters.members["submissions_per_task"] as? [String: Int] == ["tsk_a": 2, "tsk_b": 1])
            #expect(counters.int("running_now") == 0)
            #expect(counters.int("running_peak") == 3)
            #expect(counters.int("polls") == 2)
            #expect(counters.int("deletes") == 1)
            let summary = try await client.counters(summary: true)
            #expect(summary.members["submissions_per_task"] == nil)
            #expect(summary.int("attempts_submitted_more_than_once") == 0)
            #expect(summary.objects("tasks_submitted_more_than_once").map { $0.string("task") } == ["tsk_a"])
        }
    }

    @Test func aTornLastLineIsCutOff() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in _ = try await client.job("whole") }
        let path = fixture.directory + "/jobs.jsonl"
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"created":{"job":{"id":"video_t"#.utf8))
        try handle.close()
        for prompts in [["whole"], ["whole", "after"]] {
            try await fixture.run { client in
                if prompts.count == 2 { _ = try await client.job("after") }
                let list = try JSONObject(try await client.send(.get, "/v1/videos?order=asc").body)
                #expect(list.objects("data").map { $0.string("prompt") } == prompts)
            }
        }
    }

    @Test func aSecondSandboxOnTheSameFolderIsRefused() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            _ = try await client.job("first")
            await #expect(throws: JournalFile.Failure.self) { try await fixture.run { _ in } }
        }
    }

    @Test func manyCreatesAtOnceAreAllKept() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        _ = try await client.job("[sim:fail] \(index)", headers: .attempt("tsk_\(index):1"))
                    }
                }
                try await group.waitForAll()
            }
        }
        try await fixture.run { client in
            let counters = try await client.counters()
            #expect(counters.int("creates_accepted") == 200)
            #expect(counters.int("running_peak") == 200)
            #expect(counters.members["submissions_per_task"].flatMap { $0 as? [String: Int] }?.count == 200)
        }
    }
}
