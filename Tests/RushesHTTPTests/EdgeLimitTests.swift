import HTTPTypes
import RushesTesting
import RushesWire
import Testing

@Suite("The edge's refusals", .onEachDatabase)
struct EdgeLimitTests {
    @Test("keys: missing, malformed, unknown, twice")
    func keys() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let good = world.first.key
            for value in [
                "", "Bearer", "Bearer ", "Bearer rsh_", "Bearer \(good)x", "Bearer \(good.dropLast())", "Basic \(good)",
                good, "Bearer rsh_live_\(String(repeating: "a", count: 4_000))", "Bearer Bearer \(good)",
            ] {
                let answer = try await client.get("/v1/wallet", [.authorization: value])
                #expect(answer.problem == "401 invalid_api_key", "\(value.prefix(40))")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer realm=\"rushes\"")
            }
            var twice = HTTPFields()
            twice.append(HTTPField(name: .authorization, value: "Bearer \(good)"))
            twice.append(HTTPField(name: .authorization, value: "Bearer \(good)"))
            #expect(try await client.get("/v1/wallet", twice).status == 401)
            #expect(try await client.get("/v1/wallet", [.authorization: "bearer  \(good)"]).status == 200)
            #expect(try await client.with(key: nil).post("/v1/batches", "not json").status == 401)
        }
    }

    @Test("unknown paths are 404, known paths with another method 405 with Allow")
    func methods() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            for path in [
                "/", "/v1", "/v1/nothing", "/v1/batches/x/y", "/v1/../healthz", "/v1/assets/%2e%2e%2fx/content",
            ] {
                #expect(try await client.get(path).problem == "404 not_found", "\(path)")
            }
            let answer = try await client.send(.delete, "/v1/batches")
            #expect(answer.problem == "405 method_not_allowed")
            #expect(answer.headers[.allow] == "GET, HEAD, POST")
            #expect(try await client.get("/v1/rpc/finalize_batch_credits").headers[.allow] == "POST")
            #expect(try await client.send(.patch, "/v1/batches/x/cancel").headers[.allow] == "POST")
            let head = try await client.send(.head, "/v1/wallet")
            #expect(head.status == 200 && head.bytes.isEmpty)
        }
    }

    @Test("bodies: type, charset, encoding, length")
    func bodies() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let body = Array("{}".utf8)
            for type in [
                "text/plain", "application/json; charset=utf-16", "multipart/form-data", "application/jsonp", "",
                "application/x-www-form-urlencoded",
            ] {
                let answer = try await client.send(.post, "/v1/batches", [.contentType: type], body)
                #expect(answer.problem == "415 unsupported_media_type", "\(type)")
            }
            #expect(try await client.send(.post, "/v1/batches", [:], body).problem == "415 unsupported_media_type")
            for encoding in ["gzip", "br", "identity, gzip"] {
                let answer = try await client.send(
                    .post, "/v1/batches", [.contentType: "application/json", .contentEncoding: encoding], body)
                #expect(answer.problem == "415 unsupported_content_encoding", "\(encoding)")
            }
            for type in ["application/json;charset=utf-8", "Application/JSON", "application/json; charset=\"UTF-8\""] {
                let answer = try await client.send(.post, "/v1/batches", [.contentType: type], body)
                #expect(answer.problem == "422 invalid_request", "\(type)")
            }
            let large = try await client.post(
                "/v1/rpc/freeze_credits_for_batch", "{" + String(repeating: " ", count: 70_000) + "}")
            #expect(large.problem == "413 body_too_large")
            #expect(large.headers[.connection] == "close")
            let huge = [UInt8](repeating: UInt8(ascii: " "), count: 32 * 1_024 * 1_024 + 1)
            let answer = try await client.send(.post, "/v1/batches", [.contentType: "text/csv"], huge)
            #expect(answer.problem == "422 invalid_request")
            let sheet = "/v1/batches?request_id=r&model=sora-2"
            #expect(
                try await client.send(.post, sheet, [.contentType: "text/csv"], huge).problem == "413 body_too_large")
            let utf16: [UInt8] = [0xFF, 0xFE, 0x70, 0]
            #expect(try await client.send(.post, sheet, [.contentType: "text/csv"], utf16).problem == "400 not_utf8")
        }
    }

    @Test("heads: fields, bytes, path")
    func heads() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            var many = HTTPFields()
            for number in 0..<65 { many.append(HTTPField(name: .init("X-\(number)")!, value: "a")) }
            let tooMany = try await client.get("/healthz", many)
            #expect(tooMany.problem == "431 headers_too_large")
            let long: HTTPFields = [.cookie: String(repeating: "a", count: 17 * 1_024)]
            #expect(try await client.get("/healthz", long).problem == "431 headers_too_large")
            let coded = try await client.get("/healthz", [.transferEncoding: "xchunked"])
            #expect(coded.problem == "400 unknown_transfer_encoding")
            let path = "/v1/batches?cursor=" + String(repeating: "a", count: 9_000)
            #expect(try await client.get(path).problem == "414 target_too_long")
        }
    }

    @Test("health, readiness and metrics need no key")
    func health() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let anyone = client.with(key: nil)
            try await expectContract(try await anyone.get("/healthz"), 200, "Health", client)
            try await expectContract(try await anyone.get("/v1/status"), 200, "Status", client)
            let ready = try await anyone.get("/readyz")
            try await expectContract(ready, 200, "Health", client)
            #expect(try ready.body(HealthBody.self).checks == ["database": "ok", "blobs": "ok"])
            #expect(try await anyone.get("/metrics").text == "up 1\n")
        }
    }
}
