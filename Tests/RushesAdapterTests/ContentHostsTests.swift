import Foundation
import Testing

@testable import RushesProviders

@Suite struct ContentHostsTests {
    private static let owner = URL(string: "https://api.example.com/v1")!

    @Test(
        "where a video may stand when nothing is said",
        arguments: [
            ("https://api.example.com/x", true), ("https://API.example.com:443/x", true),
            ("https://cdn.other.net/x", true), ("https://xn--bcher-kva.example.xn--p1ai/x", true),
            ("http://cdn.other.net/x", false), ("https://cdn.other.net:8443/x", false),
            ("https://169.254.169.254/latest/meta-data", false), ("https://[fd00::1]/x", false),
            ("https://2130706433/x", false), ("https://localhost/x", false),
            ("https://metadata.google.internal/", false),
            ("https://db.local/x", false), ("https://user@cdn.other.net/x", false),
            ("https://api.example.com@10.0.0.1/x", false), ("ftp://cdn.other.net/x", false),
            ("file:///etc/passwd", false),
        ])
    func anyPublic(address: String, isAllowed: Bool) throws {
        let url = try #require(URL(string: address))
        #expect(ContentHosts.anyPublic.allow(url, besides: Self.owner) == isAllowed)
    }

    @Test(
        "where it may stand when hosts are named",
        arguments: [
            ("https://storage.googleapis.com/x", true), ("https://a.b.googleapis.com/x", true),
            ("https://googleapis.com/x", false), ("https://evilgoogleapis.com/x", false),
            ("https://files.example.org/x", true), ("https://files.example.org:8443/x", true),
            ("http://files.example.org/x", false), ("https://other.example.org/x", false),
        ])
    func named(address: String, isAllowed: Bool) throws {
        let hosts = ContentHosts(patterns: ["*.googleapis.com", "Files.example.org"])
        let url = try #require(URL(string: address))
        #expect(hosts.allow(url, besides: Self.owner) == isAllowed)
    }

    @Test("a server on plain HTTP may give its own videos, and no other port's")
    func plain() throws {
        let owner = try #require(URL(string: "http://127.0.0.1:9100/v1"))
        for (address, isAllowed) in [("http://127.0.0.1:9100/x", true), ("http://127.0.0.1:9101/x", false)] {
            #expect(ContentHosts.anyPublic.allow(try #require(URL(string: address)), besides: owner) == isAllowed)
        }
    }
}
