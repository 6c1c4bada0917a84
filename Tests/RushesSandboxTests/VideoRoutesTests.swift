import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import RushesSandbox

@Suite struct VideoRoutesTests {
    static let videoKeys: Set<String> = [
        "id", "object", "created_at", "status", "model", "progress", "seconds", "size", "prompt", "completed_at",
        "expires_at", "error", "remixed_from_video_id",
    ]

    @Test func createByJSONAnswersAQueuedVideo() async throws {
        try await SandboxFixture().run { client in
            let response = try await client.create(
                #"{"model":"sora-2","prompt":"A red kite","seconds":"8","size":"1280x720"}"#)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json")
            #expect(response.headers[.requestID]?.hasPrefix("req_") == true)
            #expect(response.headers[.pollAfterMilliseconds] == "5000")
            let video = try JSONObject(response.body)
            #expect(video.keys == Self.videoKeys)
            #expect(video.string("id")?.hasPrefix("video_") == true)
            #expect(video.string("object") == "video")
            #expect(video.int("created_at") == 1_795_460_000)
            #expect(video.string("status") == "queued")
            #expect(video.int("progress") == 0)
            #expect(video.string("seconds") == "8")
            #expect(video.string("size") == "1280x720")
            for key in ["completed_at", "expires_at", "error", "remixed_from_video_id"] { #expect(video.isNull(key)) }
        }
    }

    @Test func createByMultipartInAnyOrderWithAFile() async throws {
        try await SandboxFixture().run { client in
            let body = """
                --b0undary\r
                Content-Disposition: form-data; name="size"\r
                \r
                1280x720\r
                --b0undary\r
                Content-Disposition: form-data; name="input_reference"; filename="a;b\\"c.png"\r
                Content-Type: image/png\r
                \r
                \u{1}\r\n--b0undar \r\nnot the end\r
                --b0undary\r
                Content-Disposition: form-data; name="prompt"\r
                \r
                Ünïcode 🙂\nsecond line\r
                --b0undary--\r

                """
            let response = try await client.send(
                .post, "/v1/videos", headers: [.contentType: #"multipart/form-data; boundary="b0undary""#],
                body: ByteBuffer(string: body))
            #expect(response.status == .ok)
            let video = try JSONObject(response.body)
            #expect(video.string("prompt") == "Ünïcode 🙂\nsecond line")
            #expect(video.string("size") == "1280x720")
            #expect(video.string("model") == "sora-2")
            #expect(video.string("seconds") == "4")
        }
    }

    @Test(arguments: [
        (#"{"prompt":"a","seconds":"5"}"#, 400, "seconds", "invalid_value"),
        (#"{"prompt":"a","seconds":8}"#, 400, "seconds", "invalid_type"),
        (#"{"prompt":"a","seconds":"6"}"#, 400, "seconds", "invalid_value"),
        (#"{"prompt":"a","size":"640x480"}"#, 400, "size", "invalid_value"),
        (#"{"prompt":"a","size":"1920x1080"}"#, 400, "size", "invalid_value"),
        (#"{"model":"sora-2"}"#, 400, "prompt", "missing_required_parameter"),
        (#"{"prompt":""}"#, 400, "prompt", "invalid_value"),
        (#"{"prompt":7}"#, 400, "prompt", "invalid_type"),
        (#"{"prompt":"a","model":"sora-3"}"#, 404, "model", "model_not_found"),
        (#"{"prompt":"a","input_reference":{"image_url":"x","file_id":"y"}}"#, 400, "input_reference", "invalid_value"),
        (#"{"prompt":"#, 400, nil, "invalid_body"),
    ])
    func createRefuses(json: String, status: Int, param: String?, code: String) async throws {
        try await SandboxFixture().run { client in
            let response = try await client.create(json)
            #expect(response.status.code == status)
            let error = try response.refusal()
            #expect(error.string("type") == "invalid_request_error")
            #expect(error.string("param") == param)
            #expect(error.string("code") == code)
        }
    }

    @Test func promptsAreLimitedByCharacters() async throws {
        try await SandboxFixture().run { client in
            let longest = String(repeating: "ü", count: 32_000)
            let accepted = try await client.create(#"{"prompt":"\#(longest)"}"#)
            #expect(accepted.status == .ok)
            #expect(try await client.create(#"{"prompt":"\#(longest)x"}"#).status == .badRequest)
        }
    }

    @Test func gatewayModelsHaveTheirOwnSizes() async throws {
        try await SandboxFixture().run { client in
            for json in [
                #"{"prompt":"a","model":"veo-pro","seconds":"6","size":"1920x1080"}"#,
                #"{"prompt":"a","model":"sora-2-pro","seconds":"12","size":"1792x1024"}"#,
                #"{"prompt":"a","model":"sora-2-2025-12-08"}"#,
            ] {
                #expect(try await client.create(json).status == .ok)
            }
            let long = try await client.create(#"{"prompt":"a","model":"veo-pro","seconds":"12"}"#)
            #expect(long.status == .badRequest)
        }
    }

    @Test func onlyTheKeyOpensTheAPI() async throws {
        try await SandboxFixture().run { client in
            for key in ["wrong", nil] {
                for uri in ["/v1/videos", "/v1/videos/video_1", "/v1/models"] {
                    let response = try await client.send(.get, uri, key: key)
                    #expect(response.status == .unauthorized)
                    #expect(try response.refusal().string("code") == "invalid_api_key")
                }
            }
        }
    }

    @Test func otherContentTypesAndLargeBodiesAreRefused() async throws {
        try await SandboxFixture().run { client in
            let text = try await client.send(
                .post, "/v1/videos", headers: [.contentType: "text/plain"], body: ByteBuffer(string: "prompt"))
            #expect(text.status == .unsupportedMediaType)
            let large = ByteBuffer(repeating: 0x20, count: SandboxLimits.bodyBytesMax + 1)
            let response = try await client.send(
                .post, "/v1/videos", headers: [.contentType: "application/json"], body: large)
            #expect(response.status == .contentTooLarge)
            #expect(try response.refusal().string("code") == "request_too_large")
        }
    }

    @Test func unknownVideosAndRoutesAnswer404() async throws {
        try await SandboxFixture().run { client in
            for uri in ["/v1/videos/video_0", "/v1/videos/video_0/content", "/v1/nothing", "/nothing"] {
                let response = try await client.send(.get, uri)
                #expect(response.status == .notFound)
                #expect(try response.refusal().string("type") == "invalid_request_error")
            }
        }
    }

    @Test func modelsAreListed() async throws {
        try await SandboxFixture().run { client in
            let list = try JSONObject(try await client.send(.get, "/v1/models").body)
            #expect(list.objects("data").map { $0.string("id") }.contains("sora-2"))
            let model = try JSONObject(try await client.send(.get, "/v1/models/veo-pro").body)
            #expect(model.string("object") == "model")
            let unknown = try await client.send(.get, "/v1/models/gpt-1")
            #expect(try unknown.refusal().string("code") == "model_not_found")
        }
    }

    @Test func deleteTakesOnlyEndedVideosAndOnlyOnce() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let id = try await client.job("[sim:fail]")
            let early = try await client.send(.delete, "/v1/videos/\(id)")
            #expect(early.status == .badRequest)
            #expect(try early.refusal().string("code") == "video_in_progress")
            fixture.advance(seconds: 600)
            let deleted = try JSONObject(try await client.send(.delete, "/v1/videos/\(id)").body)
            #expect(deleted.string("object") == "video.deleted")
            #expect(deleted.members["deleted"] as? Bool == true)
            #expect(try await client.send(.delete, "/v1/videos/\(id)").status == .notFound)
            #expect(try await client.send(.get, "/v1/videos/\(id)").status == .notFound)
        }
    }
}
