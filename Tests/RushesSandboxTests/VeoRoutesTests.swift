import CryptoExtras
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import RushesSandbox

@Suite struct VeoRoutesTests {
    private static let create = "/v1beta/models/veo-3.1-generate-001:predictLongRunning"

    @Test func anOperationHasNoDoneUntilItIsFinishedAndThenAFile() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let name = try await client.operation("A kite")
            #expect(name.hasPrefix("models/veo-3.1-generate-001/operations/"))
            let running = try JSONObject(try await client.google(.get, "/v1beta/" + name).body)
            #expect(running.keys == ["name"])
            fixture.advance(seconds: 3_000)
            let ended = try JSONObject(try await client.google(.get, "/v1beta/" + name).body)
            #expect(ended.keys == ["name", "done", "response"] && ended.members["done"] as? Bool == true)
            let samples = ended.object("response")?.object("generateVideoResponse")?.objects("generatedSamples")
            let uri = try #require(samples?.first?.object("video")?.string("uri"))
            let path = try #require(URL(string: uri)).path
            #expect(path.range(of: "^/v1beta/files/[a-z0-9]+:download$", options: .regularExpression) != nil)
            let file = try await client.google(.get, path + "?alt=media")
            #expect(file.headers[.contentType] == "video/mp4" && file.body.getString(at: 4, length: 4) == "ftyp")
            let odd = try await client.google(
                .get, "/v1beta/files/http://host\(path)?alt=media:download?alt=media")
            #expect(odd.body == file.body)
            #expect(try await client.google(.get, path + "?alt=media", key: nil).status == .forbidden)
        }
    }

    @Test(arguments: [
        ("[sim:fail]", 2), ("[sim:500]", 13), ("[sim:fail=8]", 8),
    ])
    func anOperationFailsWithACode(prompt: String, code: Int) async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let name = try await client.operation(prompt)
            fixture.advance(seconds: 3_000)
            let ended = try JSONObject(try await client.google(.get, "/v1beta/" + name).body)
            #expect(ended.keys == ["name", "done", "error"] && ended.object("error")?.int("code") == code)
        }
    }

    @Test func filteredIsDoneWithoutErrorAndWithoutVideo() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let name = try await client.operation("[sim:moderation]")
            fixture.advance(seconds: 3_000)
            let ended = try JSONObject(try await client.google(.get, "/v1beta/" + name).body)
            let inner = try #require(ended.object("response")?.object("generateVideoResponse"))
            #expect(ended.keys == ["name", "done", "response"])
            #expect(inner.keys == ["raiMediaFilteredCount", "raiMediaFilteredReasons"])
        }
    }

    @Test(arguments: [
        (#"{"instances":[]}"#, 400, "INVALID_ARGUMENT"), (#"{"instances":[{"prompt":""}]}"#, 400, "INVALID_ARGUMENT"),
        ("nonsense", 400, "INVALID_ARGUMENT"),
        (#"{"instances":[{"prompt":"a"}],"parameters":{"durationSeconds":5}}"#, 400, "INVALID_ARGUMENT"),
        (
            #"{"instances":[{"prompt":"a"}],"parameters":{"durationSeconds":"4","resolution":"1080p"}}"#, 400,
            "INVALID_ARGUMENT"
        ),
        (#"{"instances":[{"prompt":"a"}],"parameters":{"storageUri":"gs://b"}}"#, 400, "INVALID_ARGUMENT"),
        (#"{"instances":[{"prompt":"a [sim:401]"}]}"#, 401, "UNAUTHENTICATED"),
        (#"{"instances":[{"prompt":"a [sim:quota]"}]}"#, 429, "RESOURCE_EXHAUSTED"),
        (#"{"instances":[{"prompt":"a [sim:retired]"}]}"#, 404, "NOT_FOUND"),
        (#"{"instances":[{"prompt":"a [sim:503]"}]}"#, 503, "UNAVAILABLE"),
        (#"{"instances":[{"prompt":"a [sim:429]"}]}"#, 429, "RESOURCE_EXHAUSTED"),
    ])
    func createRefuses(json: String, status: Int, name: String) async throws {
        try await SandboxFixture().run { client in
            let response = try await client.google(.post, Self.create, json)
            #expect(response.status.code == status)
            let error = try #require(try JSONObject(response.body).object("error"))
            #expect(error.int("code") == status && error.string("status") == name)
        }
    }

    @Test func durationsMayBeQuotedAndTheKeyMayStandInTheAddress() async throws {
        try await SandboxFixture().run { client in
            let json = #"{"instances":[{"prompt":"a"}],"parameters":{"durationSeconds":"6","aspectRatio":"9:16"}}"#
            let response = try await client.google(.post, Self.create + "?key=sandbox", json, key: nil)
            #expect(response.status == .ok)
            for (key, status) in [("wrong", 400), (nil, 403)] {
                let refused = try await client.google(.post, Self.create, json, key: key)
                #expect(refused.status.code == status)
            }
            let other = try await client.google(.post, "/v1beta/models/imagen-4:predictLongRunning", json)
            #expect(other.status == .notFound)
        }
    }

    /// A signed statement as a client of a service account makes it.
    private static func assertion(_ fixture: SandboxFixture, lifetime: Int64 = 3_600) throws -> String {
        let file = try JSONDecoder().decode(
            AccessTokenBook.KeyFile.self,
            from: try Data(contentsOf: URL(fileURLWithPath: fixture.directory + "/service-account.json")))
        func part(_ members: [String: Any]) throws -> String {
            base64URL(try JSONSerialization.data(withJSONObject: members))
        }
        let now = fixture.now / 1_000
        let signed =
            try part(["alg": "RS256"]) + "."
            + part(["iss": file.email, "aud": file.tokenURL, "iat": now, "exp": now + lifetime])
        let key = try _RSA.Signing.PrivateKey(pemRepresentation: file.privateKey)
        let signature = try key.signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5)
        return signed + "." + base64URL(signature.rawRepresentation)
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func token(_ client: SandboxClient, _ assertion: String) async throws -> TestResponse {
        try await client.send(
            .post, "/token", headers: [.contentType: "application/x-www-form-urlencoded"],
            body: ByteBuffer(string: "grant_type=x&assertion=" + assertion), key: nil)
    }

    @Test func vertexTakesTokensForSignedStatementsAndKeepsVideosInBuckets() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(.live, hasServiceAccount: true) { client in
            let good = try Self.assertion(fixture)
            for bad in [good.dropLast(8) + "AAAAAAAA", "a.b.c", "a"] {
                #expect(try await Self.token(client, String(bad)).status == .badRequest)
            }
            #expect(try await Self.token(client, try Self.assertion(fixture, lifetime: -1)).status == .badRequest)
            let token = try #require(try JSONObject(try await Self.token(client, good).body).string("access_token"))
            func call(_ method: HTTPRequest.Method, _ uri: String, _ json: String? = nil) async throws -> TestResponse {
                try await client.send(method, uri, body: json.map { ByteBuffer(string: $0) }, key: token)
            }
            let parent = "projects/p/locations/l/publishers/google/models/veo-3.1-generate-001"
            let json = #"{"instances":[{"prompt":"a"}],"parameters":{"storageUri":"gs://b/one two/"}}"#
            let created = try await call(.post, "/v1/\(parent):predictLongRunning", json)
            let name = try #require(try JSONObject(created.body).string("name"))
            let list = "/storage/v1/b/b/o?prefix=one%20two%2F"
            #expect(try JSONObject(try await call(.get, list).body).objects("items").isEmpty)
            fixture.advance(seconds: 3_000)
            let fetch = #"{"operationName":"\#(name)"}"#
            let ended = try JSONObject(
                try await call(.post, "/v1beta1/\(parent):fetchPredictOperation", fetch).body)
            let video = try #require(ended.object("response")?.objects("videos").first)
            let object = try #require(try JSONObject(try await call(.get, list).body).objects("items").first)
            let objectName = try #require(object.string("name"))
            #expect(video.string("gcsUri") == "gs://b/" + objectName)
            let encoded = objectName.replacing("/", with: "%2F").replacing(" ", with: "%20")
            let content = try await call(.get, "/storage/v1/b/b/o/\(encoded)?alt=media")
            #expect(content.body.getString(at: 4, length: 4) == "ftyp")
            #expect(try await call(.get, "/storage/v1/b/other/o/\(encoded)").status == .notFound)
            #expect(try await call(.delete, "/storage/v1/b/b/o/\(encoded)").status == .noContent)
            #expect(try await call(.get, "/storage/v1/b/b/o/\(encoded)").status == .notFound)
            fixture.advance(seconds: 3_601)
            #expect(try await call(.get, list).status == .unauthorized)
        }
    }

    @Test func aVideoWrittenBetweenTwoPagesOfABucketMovesNoOtherToTheSecond() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(.live, hasServiceAccount: true) { client in
            let assertion = try Self.assertion(fixture)
            let token = try #require(
                try JSONObject(try await Self.token(client, assertion).body).string("access_token"))
            func create(_ prefix: String) async throws {
                let path = "/v1/projects/p/locations/l/publishers/google/models/veo-3.1-generate-001:predictLongRunning"
                let json = #"{"instances":[{"prompt":"a"}],"parameters":{"storageUri":"gs://b/\#(prefix)/"}}"#
                #expect(try await client.send(.post, path, body: ByteBuffer(string: json), key: token).status == .ok)
            }
            func page(after token: String?, _ bearer: String) async throws -> (names: [String], next: String?) {
                let after = token.map { "&pageToken=" + $0.replacing("/", with: "%2F") } ?? ""
                let listing = try JSONObject(
                    try await client.send(.get, "/storage/v1/b/b/o?prefix=a" + after, key: bearer).body)
                return (listing.objects("items").compactMap { $0.string("name") }, listing.string("nextPageToken"))
            }
            for number in 100...200 { try await create("a\(number)") }
            fixture.advance(seconds: 1_500)
            let first = try await page(after: nil, token)
            try await create("a000")
            fixture.advance(seconds: 1_500)
            let second = try await page(after: first.next, token)
            #expect(first.next != nil && first.names.count == 100 && second.names.count == 1 && second.next == nil)
            #expect(Set(first.names + second.names).count == 101)
            #expect(try await page(after: nil, token).names.first?.hasPrefix("a000") == true)
        }
    }

    @Test func dialectsDoNotSeeEachOthersJobs() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let name = try await client.operation("veo")
            let video = try await client.job("sora")
            let id = try #require(name.split(separator: "/").last)
            let list = try JSONObject(try await client.send(.get, "/v1/videos").body)
            #expect(list.objects("data").map { $0.string("id") } == [video])
            #expect(try await client.send(.get, "/v1/videos/\(id)").status == .notFound)
            let stray = "/v1beta/models/veo-3.1-generate-001/operations/\(video)"
            #expect(try await client.google(.get, stray).status == .notFound)
            let counters = try await client.counters()
            #expect(counters.object("creates_accepted_by_dialect")?.int("gemini") == 1)
            #expect(counters.object("creates_accepted_by_dialect")?.int("openai") == 1)
        }
        try await fixture.run { client in
            let counters = try await client.counters()
            #expect(counters.object("creates_accepted_by_dialect")?.int("gemini") == 1)
        }
    }
}
