import HTTPTypes
import RushesTesting
import RushesWire
import Testing

@Suite("Stored videos", .onEachDatabase)
struct AssetRouteTests {
    private static let video = InstantProvider.video

    /// Runs a test with the asset of a finished task.
    private func withAsset(_ body: @escaping @Sendable (EdgeClient, AssetBody) async throws -> Void) async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let text = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#
            let batch = try await client.post("/v1/batches", text).body(BatchBody.self)
            try await world.work()
            let tasks = try await client.get("/v1/batches/\(batch.id)/tasks").body(ListBody<TaskBody>.self)
            let id = try #require(tasks.data.first?.assetID)
            let answer = try await client.get("/v1/assets/\(id)")
            try await expectContract(answer, 200, "Asset", client)
            try await body(client, try answer.body())
        }
    }

    @Test("the whole content, its head, and 304 for who has it")
    func whole() async throws {
        try await withAsset { client, asset in
            let tag = "\"\(asset.sha256)\""
            let whole = try await client.get(asset.contentPath)
            #expect(whole.status == 200 && whole.bytes == Self.video)
            #expect(whole.headers[.eTag] == tag && whole.headers[.contentType] == "video/mp4")
            #expect(whole.headers[.acceptRanges] == "bytes")
            let head = try await client.send(.head, asset.contentPath)
            #expect(head.status == 200 && head.bytes.isEmpty)
            #expect(head.headers[.contentLength] == "\(Self.video.count)")
            for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let answer = try await client.get(asset.contentPath, [.ifNoneMatch: known])
                #expect(answer.status == 304 && answer.bytes.isEmpty, "\(known)")
            }
            #expect(try await client.get(asset.contentPath, [.ifNoneMatch: "\"x\""]).status == 200)
            #expect(try await client.with(key: nil).get(asset.contentPath).problem == "401 invalid_api_key")
        }
    }

    @Test("an image is shown on its video, read as it is, and a missing one is not found")
    func images() async throws {
        try await withAsset { client, asset in
            #expect(asset.images.map(\.kind) == ["poster"])
            let image = try #require(asset.images.first)
            #expect(image.contentType == "image/jpeg" && image.bytes == Int64(InstantProvider.poster.count))
            #expect(image.contentPath == asset.contentPath + "?variant=poster")
            let whole = try await client.get(image.contentPath)
            #expect(whole.status == 200 && whole.bytes == InstantProvider.poster)
            #expect(whole.headers[.contentType] == "image/jpeg" && whole.headers[.eTag] == "\"\(image.sha256)\"")
            #expect(whole.headers[.contentDisposition] == "inline; filename=\"\(asset.id)-poster.jpg\"")
            let part = try await client.get(image.contentPath, [.range: "bytes=1-2"])
            #expect(part.status == 206 && part.bytes == [0xD8, 0xFF])
            #expect(try await client.get(asset.contentPath + "?variant=video").bytes == Self.video)
            #expect(try await client.get(asset.contentPath + "?variant=spritesheet").problem == "404 not_found")
            #expect(try await client.get(asset.contentPath + "?variant=gif").issues == ["variant invalid_value"])
        }
    }

    @Test("ranges as RFC 9110 has them")
    func ranges() async throws {
        let count = Self.video.count
        let table: [(field: String, expected: Range<Int>?)] = [
            ("bytes=0-0", 0..<1), ("bytes=0-9", 0..<10), ("bytes=10-", 10..<count), ("bytes=-7", count - 7..<count),
            ("bytes=5-99999999", 5..<count), ("bytes=-99999999", 0..<count), ("BYTES=1-2", 1..<3),
            ("bytes=0-99999999999999999999", 0..<count),
            ("bytes=\(count)-", nil), ("bytes=99999999-", nil), ("bytes=-0", nil),
        ]
        try await withAsset { client, asset in
            for (field, expected) in table {
                let answer = try await client.get(asset.contentPath, [.range: field])
                if let expected {
                    #expect(answer.status == 206, "\(field)")
                    #expect(answer.bytes == Array(Self.video[expected]), "\(field)")
                    #expect(
                        answer.headers[.contentRange]
                            == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(count)")
                } else {
                    #expect(answer.problem == "416 range_not_satisfiable", "\(field)")
                    #expect(answer.headers[.contentRange] == "bytes */\(count)")
                }
            }
            for field in [
                "bytes=9-1", "bytes=", "bytes=a-b", "items=0-1", "bytes=0-1,3-4", "bytes=--1", "0-1", "bytes=+1-2",
            ] {
                let answer = try await client.get(asset.contentPath, [.range: field])
                #expect(answer.status == 200 && answer.bytes == Self.video, "\(field)")
            }
            let same = try await client.get(asset.contentPath, [.range: "bytes=0-1", .ifRange: "\"\(asset.sha256)\""])
            #expect(same.status == 206)
            for other in ["\"x\"", "W/\"\(asset.sha256)\"", "Wed, 21 Oct 2015 07:28:00 GMT"] {
                let answer = try await client.get(asset.contentPath, [.range: "bytes=0-1", .ifRange: other])
                #expect(answer.status == 200, "\(other)")
            }
        }
    }
}
