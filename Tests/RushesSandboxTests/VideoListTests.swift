import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import RushesSandbox

@Suite struct VideoListTests {
    @Test(arguments: ["asc", "desc"])
    func pagingEndsAndNeverRepeats(order: String) async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            var created: [String] = []
            for index in 0..<7 {
                created.append(try await client.job("[sim:fail] number \(index)"))
                fixture.advance(seconds: 1)
            }
            fixture.advance(seconds: 600)
            var seen: [String] = []
            var after = ""
            while true {
                let uri = "/v1/videos?limit=2&order=\(order)" + (after.isEmpty ? "" : "&after=\(after)")
                let page = try JSONObject(try await client.send(.get, uri).body)
                #expect(page.keys == ["object", "data", "first_id", "last_id", "has_more"])
                let ids = page.objects("data").compactMap { $0.string("id") }
                #expect(page.string("first_id") == ids.first)
                #expect(page.string("last_id") == ids.last)
                seen += ids
                // A video that is deleted between two pages must not stop the paging behind it.
                if seen.count == 4 { _ = try await client.send(.delete, "/v1/videos/\(seen[3])") }
                guard page.members["has_more"] as? Bool == true else { break }
                after = try #require(page.string("last_id"))
            }
            #expect(seen == (order == "asc" ? created : created.reversed()))
        }
    }

    @Test func anEmptyPageHasNullIDs() async throws {
        try await SandboxFixture().run { client in
            let page = try JSONObject(try await client.send(.get, "/v1/videos").body)
            #expect(page.isNull("first_id") && page.isNull("last_id"))
            #expect(page.members["has_more"] as? Bool == false)
        }
    }

    @Test(arguments: ["limit=101", "limit=-1", "limit=x", "order=up", "after=video_0"])
    func badQueriesAreRefused(query: String) async throws {
        try await SandboxFixture().run { client in
            let response = try await client.send(.get, "/v1/videos?\(query)")
            #expect(response.status == .badRequest)
            #expect(try response.refusal().string("code") == "invalid_value")
        }
    }
}
