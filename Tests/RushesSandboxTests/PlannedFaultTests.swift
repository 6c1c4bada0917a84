import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import RushesSandbox

@Suite struct PlannedFaultTests {
    @Test(arguments: [
        ("rate_limited", 429, "rate_limit_exceeded"), ("spend_limit", 429, "project_spend_limit_exceeded"),
        ("unauthorized", 401, "invalid_api_key"), ("unavailable", 503, "server_is_overloaded"),
        ("server_error", 500, "server_error"), ("retired", 404, "model_not_found"),
        ("moderated", 400, "sentinel_block"),
        ("invalid", 400, "invalid_value"),
    ])
    func anOrderMeetsSoManyCalls(kind: String, status: Int, code: String) async throws {
        try await SandboxFixture().run { client in
            try await client.order(#"{"call":"create","kind":"\#(kind)","count":2}"#)
            for _ in 0..<2 {
                let refused = try await client.create(#"{"prompt":"p"}"#)
                #expect(refused.status.code == status)
                #expect(try refused.refusal().string("code") == code)
            }
            #expect(try await client.create(#"{"prompt":"p"}"#).status == .ok)
            let counters = try await client.counters()
            #expect(counters.object("faults_met")?.int(kind) == 2)
            #expect(counters.object("creates_rejected")?.int("\(status)") == 2)
            #expect(counters.int("creates_accepted") == 1)
        }
    }

    @Test func anOrderMeetsOneDialectAndOneCallOnly() async throws {
        try await SandboxFixture().run { client in
            try await client.order(#"{"call":"poll","kind":"unavailable","dialect":"gemini"}"#)
            let (id, name) = (try await client.job("a"), try await client.operation("b"))
            #expect(try await client.send(.get, "/v1/videos/\(id)").status == .ok)
            #expect(try await client.google(.get, "/v1beta/" + name).status == .serviceUnavailable)
            #expect(try await client.send(.delete, "/_sandbox/faults").status == .ok)
            #expect(try await client.google(.get, "/v1beta/" + name).status == .ok)
        }
    }

    @Test func anOutageEndsAfterItsTime() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            try await client.order(#"{"call":"list","kind":"unavailable","seconds":60}"#)
            #expect(try await client.send(.get, "/v1/videos").status == .serviceUnavailable)
            fixture.advance(seconds: 59.9)
            #expect(try await client.send(.get, "/v1/videos").status == .serviceUnavailable)
            fixture.advance(seconds: 0.1)
            #expect(try await client.send(.get, "/v1/videos").status == .ok)
        }
    }

    @Test func aStormMeetsEveryNthCall() async throws {
        try await SandboxFixture().run { client in
            try await client.order(#"{"call":"list","kind":"server_error","every":3}"#)
            var codes: [Int] = []
            for _ in 0..<7 { codes.append(try await client.send(.get, "/v1/videos").status.code) }
            #expect(codes == [500, 200, 200, 500, 200, 200, 500])
        }
    }

    @Test func aLimitLetsSoManyCreatesThroughInAMinute() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            try await client.order(#"{"call":"create","kind":"limited","creates_per_minute":3}"#)
            func statuses(_ count: Int) async throws -> [Int] {
                var codes: [Int] = []
                for _ in 0..<count { codes.append(try await client.create(#"{"prompt":"p"}"#).status.code) }
                return codes
            }
            #expect(try await statuses(5) == [200, 200, 200, 429, 429])
            fixture.advance(seconds: 60)
            #expect(try await statuses(4) == [200, 200, 200, 429])
        }
    }

    @Test func rawIsAnsweredAsItIs() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            try await client.order(
                #"{"call":"content","kind":"raw","status":302,"headers":{"location":"http://169.254.169.254/"},"#
                    + #""body":"<html>","count":1}"#)
            let id = try await client.job("a")
            fixture.advance(seconds: 600)
            let response = try await client.content(id)
            #expect(response.status == .found && String(buffer: response.body) == "<html>")
            #expect(response.headers[.location] == "http://169.254.169.254/")
            #expect(try await client.content(id).status == .ok)
        }
    }

    @Test func aDroppedAnswerLeavesAJobAndADropLeavesNone() async throws {
        for (kind, accepted) in [("drop", 0), ("drop_answer", 1)] {
            try await SandboxFixture().run(.live) { client in
                try await client.order(#"{"call":"create","kind":"\#(kind)","count":1}"#)
                // The connection breaks; here only what is left behind counts.
                _ = try? await client.create(#"{"prompt":"p"}"#)
            }
            let fixture = try SandboxFixture()
            try await fixture.run(.live) { client in
                try await client.order(#"{"call":"create","kind":"\#(kind)","count":1}"#)
                await #expect(throws: (any Error).self) { _ = try await client.create(#"{"prompt":"p"}"#) }
            }
            try await fixture.run { client in
                let counters = try await client.counters()
                #expect(counters.int("creates_accepted") == accepted)
            }
        }
    }

    @Test(arguments: [
        #"{"call":"create"}"#, #"{"kind":"drop"}"#, #"{"call":"create","kind":"flood"}"#, "nonsense",
        #"{"call":"create","kind":"limited"}"#, #"{"call":"poll","kind":"limited","creates_per_minute":1}"#,
        #"{"call":"poll","kind":"raw"}"#, #"{"call":"poll","kind":"drop","count":0}"#,
    ])
    func ordersThatCannotBeCarriedOut(json: String) async throws {
        try await SandboxFixture().run { client in
            let response = try await client.send(.post, "/_sandbox/faults", body: ByteBuffer(string: json))
            #expect(response.status == .badRequest)
            let stranger = try await client.send(
                .post, "/_sandbox/faults", body: ByteBuffer(string: #"{"call":"poll","kind":"drop"}"#), key: "other")
            #expect(stranger.status == .unauthorized)
            #expect(try await client.send(.get, "/v1/videos").status == .ok)
        }
    }

    @Test(arguments: [
        ("[sim:blocked]", 400, "sentinel_block"), ("[sim:invalid]", 400, "invalid_value"),
        ("[sim:quota]", 429, "project_spend_limit_exceeded"), ("[sim:401]", 401, "invalid_api_key"),
        ("[sim:retired]", 404, "model_not_found"),
    ])
    func markersThatRefuseEachTime(prompt: String, status: Int, code: String) async throws {
        try await SandboxFixture().run { client in
            for _ in 0..<2 {
                let response = try await client.create(#"{"prompt":"\#(prompt)"}"#)
                #expect(response.status.code == status)
                #expect(try response.refusal().string("code") == code)
            }
        }
    }

    @Test func anOutageByMarkerIsOverAtTheSecondTry() async throws {
        let fixture = try SandboxFixture()
        let json = #"{"prompt":"x [sim:503]"}"#
        try await fixture.run { client in
            let first = try await client.create(json, headers: .attempt("tsk_a:1"))
            #expect(first.status == .serviceUnavailable)
        }
        try await fixture.run { client in
            let second = try await client.create(json, headers: .attempt("tsk_a:2"))
            let other = try await client.create(json, headers: .attempt("tsk_b:1"))
            #expect(second.status == .ok && other.status == .serviceUnavailable)
        }
    }

    @Test func markersThatShapeTheJob() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let queued = try await client.job("[sim:queue=30][sim:slow=5]")
            let (lost, empty) = (try await client.job("[sim:lost]"), try await client.job("[sim:empty]"))
            let (expired, failed) = (try await client.job("[sim:expired]"), try await client.job("[sim:fail=teapot]"))
            #expect(try await client.send(.get, "/v1/videos/\(lost)").status == .notFound)
            fixture.advance(seconds: 29)
            #expect(try await client.video(queued).string("status") == "queued")
            fixture.advance(seconds: 5)
            #expect(try await client.video(queued).string("status") == "in_progress")
            fixture.advance(seconds: 1)
            #expect(try await client.video(queued).string("status") == "completed")
            fixture.advance(seconds: 600)
            let content = try await client.content(empty)
            #expect(content.status == .ok && content.body.readableBytes == 0)
            #expect(try await client.video(expired).string("status") == "completed")
            #expect(try await client.content(expired).refusal().string("code") == "video_expired")
            #expect(try await client.video(failed).object("error")?.string("code") == "teapot")
        }
    }

    @Test func aSlowBodyArrivesWhole() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(ffmpegPath: "/nowhere/ffmpeg") { client in
            let (slow, plain) = (try await client.job("[sim:slow-body=0.2]"), try await client.job("x"))
            fixture.advance(seconds: 600)
            #expect(try await client.content(slow).body == client.content(plain).body)
        }
    }
}
