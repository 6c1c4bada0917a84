import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import RushesSandbox

@Suite struct SandboxFaultTests {
    @Test func throttlesTheFirstTwoCreatesOfATask() async throws {
        let fixture = try SandboxFixture()
        let json = #"{"prompt":"one [sim:429]"}"#
        try await fixture.run { client in
            let first = try await client.create(json, headers: .attempt("tsk_a:1"))
            #expect(first.status == .tooManyRequests)
            #expect(first.headers[.retryAfter] == "1")
            #expect(first.headers[.retryAfterMilliseconds] == "1000")
            #expect(try first.refusal().string("code") == "rate_limit_exceeded")
        }
        try await fixture.run { client in
            let second = try await client.create(json, headers: .attempt("tsk_a:2"))
            #expect(second.status == .tooManyRequests)
            #expect(try await client.create(json, headers: .attempt("tsk_b:1")).status == .tooManyRequests)
            #expect(try await client.create(json, headers: .attempt("tsk_a:3")).status == .ok)
            // Without the header the prompt stands for the task.
            #expect(try await client.create(json).status == .tooManyRequests)
        }
    }

    @Test func dropsTheConnectionAfterAcceptingOnce() async throws {
        try await SandboxFixture().run(.live) { client in
            await #expect(throws: (any Error).self) {
                _ = try await client.create(#"{"prompt":"p [sim:drop]"}"#, headers: .attempt("tsk_a:1"))
            }
        }
    }

    @Test func aDroppedCreateIsFoundByListing() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(.live) { client in
            // The connection breaks, which the other test checks; here only what is left behind counts.
            _ = try? await client.create(#"{"prompt":"p [sim:drop]"}"#, headers: .attempt("tsk_a:1"))
        }
        try await fixture.run { client in
            let list = try JSONObject(try await client.send(.get, "/v1/videos").body)
            #expect(list.objects("data").map { $0.string("prompt") } == ["p [sim:drop]"])
            #expect(try await client.counters().int("creates_dropped") == 1)
            let again = try await client.create(#"{"prompt":"p [sim:drop]"}"#, headers: .attempt("tsk_a:2"))
            #expect(again.status == .ok)
        }
    }

    @Test func corruptContentSaysMP4AndIsNone() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let id = try await client.job("[sim:corrupt]")
            fixture.advance(seconds: 600)
            let response = try await client.content(id)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "video/mp4")
            #expect(response.body.getString(at: 4, length: 4) != "ftyp")
        }
    }

    @Test func truncatedContentBreaksOff() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(.live) { client in
            let id = try await client.job("[sim:truncated]")
            fixture.advance(seconds: 600)
            await #expect(throws: (any Error).self) { _ = try await client.content(id) }
        }
    }

    @Test func unknownStatusIsAWordOfNoDocument() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let id = try await client.job("[sim:unknown-status]")
            fixture.advance(seconds: 600)
            #expect(try await client.video(id).string("status") == "paused_upstream")
        }
    }

    @Test func lateUsesTheDeadlineHeader() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(speed: 20) { client in
            let id = try await client.job("[sim:late]", headers: [.deadline: String(fixture.now + 6000)])
            fixture.advance(seconds: 35.9)
            #expect(try await client.video(id).string("status") == "in_progress")
            fixture.advance(seconds: 0.1)
            #expect(try await client.video(id).string("status") == "completed")
        }
    }

    @Test func headersOfTheCallerNeverComeBack() async throws {
        try await SandboxFixture().run { client in
            let headers: HTTPFields = [.attempt: "tsk_secret:1", .deadline: "1795460000123"]
            let response = try await client.create(#"{"prompt":"p"}"#, headers: headers)
            let id = try #require(try JSONObject(response.body).string("id"))
            for answer in [
                response, try await client.send(.get, "/v1/videos/\(id)"), try await client.send(.get, "/v1/videos"),
            ] {
                #expect(!String(buffer: answer.body).contains("tsk_secret"))
                #expect(!String(buffer: answer.body).contains("1795460000123"))
            }
        }
    }
}
