import RushesCore
import Testing

@Suite struct WebhookURLTests {
    private static let production = WebhookURLPolicy()
    private static let development = WebhookURLPolicy(allowsPrivate: true)

    @Test(
        arguments: [
            ("https://example.com", "https://example.com/"),
            ("https://example.com/", "https://example.com/"),
            ("HTTPS://Hooks.EXAMPLE.com:443/A?b=C", "https://hooks.example.com/A?b=C"),
            ("https://example.com:8443/hooks", "https://example.com:8443/hooks"),
            ("https://example.com?x=1", "https://example.com/?x=1"),
            ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
            ("https://a.b-c.example/p;q=1/%7Euser/@me", "https://a.b-c.example/p;q=1/%7Euser/@me"),
            ("https://1.example.com/", "https://1.example.com/"),
            ("https://0x7f.example/", "https://0x7f.example/"),
            ("https://my.notlocal/", "https://my.notlocal/"),
        ] as [(String, String)])
    func publicURLsAreTaken(text: String, canonical: String) throws {
        let url = try WebhookURL(text, policy: Self.production)
        #expect(url.description == canonical)
        #expect(try WebhookURL(canonical, policy: Self.production) == url)
    }

    @Test(arguments: [
        // Where webhooks are not sent.
        "http://example.com/", "https://example.com:80/", "https://example.com:22/", "https://user@example.com/",
        "https://user:password@example.com/", "https://good.example@evil.example/", "https://@example.com/",
        "https://example.com./", "https://localhost/", "https://LOCALHOST/", "https://a.localhost/",
        "https://localhost./", "https://printer.local/", "https://db.internal/", "https://metadata.google.internal/",
        "https://router.home.arpa/", "https://home.arpa/", "https://intranet/", "https://local/", "https://127.0.0.1/",
        "https://8.8.8.8/", "https://10.0.0.1:8443/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[2606:4700:4700::1111]/", "https://[::]:443/", "https://[64:ff9b::7f00:1]/",
    ]) func forbiddenURLsAreRefused(_ text: String) {
        guard case .forbidden(let reason)? = Self.refusal(text, Self.production) else {
            Issue.record("\(text): \(String(describing: Self.refusal(text, Self.production)))")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test(arguments: [
        // Not such a URL at all, nor in development: among them every spelling that some program reads as an address.
        "", "example.com", "ftp://example.com/", "//example.com/", "https:/example.com", "https:example.com",
        "https://", "https:///path", "https://:443/", "https://?a", " https://example.com/", "https://example.com/ ",
        "https://example.com/a b", "https://example.com/\n", "https://example.com\r\n/", "https://example.com/#top",
        "https://example.com#top", "https://example.com\\@evil.example/", "https://example.com/\\",
        "https://a..example/",
        "https://.example.com/", "https://-a.example/", "https://a-.example/", "https://a_b.example/",
        "https://ex%61mple.com/", "https://example.com:/", "https://example.com:0/", "https://example.com:65536/",
        "https://example.com:+443/", "https://example.com:443x/", "https://example.com:443:443/",
        "https://bücher.example/", "https://example。com/", "https://ex\u{ad}ample.com/", "https://ＥＸＡＭＰＬＥ.com/",
        "https://①②⑦.0.0.1/", "https://example.com/é", "https://example.com/%", "https://example.com/%4",
        "https://example.com/%zz", "https://example.com/{a}", "https://0x7f.1/", "https://0x7f000001/",
        "https://0X7F000001/", "https://2130706433/", "https://017700000001/", "https://0177.0.0.1/",
        "https://127.1/", "https://127.0.1/", "https://127.0.0.1./", "https://127.0.0.01/", "https://1.2.3.4.5/",
        "https://256.0.0.1/", "https://example.1/", "https://example.0x/", "https://[::1/", "https://::1/",
        "https://[127.0.0.1]/", "https://[fe80::1%25eth0]/", "https://[::1]x/", "https://[::1].example/",
        "https://[]/", "https://a]b.example/",
    ]) func whatIsNoSuchURLIsInvalid(_ text: String) {
        for policy in [Self.production, Self.development] {
            guard case .invalid(let reason)? = Self.refusal(text, policy) else {
                Issue.record("\(text): \(String(describing: Self.refusal(text, policy)))")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test func lengthsAreBounded() throws {
        let stem = "https://example.com/"
        let longest = stem + String(repeating: "a", count: WebhookURL.charactersMax - stem.count)
        #expect(try WebhookURL(longest, policy: Self.production).description == longest)
        #expect(Self.refusal(longest + "a", Self.production) != nil)
        let label = String(repeating: "a", count: 63)
        #expect(Self.refusal("https://\(label).example/", Self.production) == nil)
        #expect(Self.refusal("https://\(label)a.example/", Self.production) != nil)
        let name = Array(repeating: label, count: 3).joined(separator: ".")
        #expect(Self.refusal("https://\(name).\(String(repeating: "b", count: 61))/", Self.production) == nil)
        #expect(Self.refusal("https://\(name).\(String(repeating: "b", count: 62))/", Self.production) != nil)
    }

    @Test(arguments: [
        "http://localhost:3000/hooks", "http://127.0.0.1:9/", "https://[::1]:8444/", "http://receiver/",
        "https://10.0.0.1/",
        "http://db.internal/", "http://[::ffff:127.0.0.1]/",
    ]) func developmentAllowsPrivateOnes(_ text: String) throws {
        #expect(Self.refusal(text, Self.production) != nil)
        #expect(Self.refusal(text, Self.development) == nil)
    }

    @Test(arguments: [
        "https://rushes.example.com/", "https://RUSHES.Example.COM/v1/hooks", "https://rushes.example.com:8443/",
        "https://rushes.example.com./", "https://10.1.2.3/",
    ]) func ourOwnHostsAreRefused(_ text: String) throws {
        let policy = WebhookURLPolicy(
            allowedBlocks: [try #require(AddressBlock("10.0.0.0/8"))], ownHosts: ["rushes.example.com", "10.1.2.3"])
        guard case .forbidden? = Self.refusal(text, policy) else {
            Issue.record("\(text) is taken")
            return
        }
        for other in ["https://example.com/", "https://a.rushes.example.com/", "https://10.1.2.4/"] {
            #expect(Self.refusal(other, policy) == nil)
        }
    }

    @Test func theOperatorOpensPortsAndBlocks() throws {
        let policy = WebhookURLPolicy(ports: [443, 9_443], allowedBlocks: [try #require(AddressBlock("10.0.0.0/8"))])
        #expect(Self.refusal("https://example.com:9443/", policy) == nil)
        #expect(Self.refusal("https://example.com:8443/", policy) != nil)
        #expect(Self.refusal("https://10.1.2.3/", policy) == nil)
        #expect(Self.refusal("https://11.1.2.3/", policy) != nil)
        #expect(Self.refusal("http://10.1.2.3/", policy) != nil)
    }

    @Test func theAuthorityLeavesOutThePortOfTheScheme() throws {
        #expect(try WebhookURL("https://Example.com:443/a", policy: Self.production).authority == "example.com")
        #expect(try WebhookURL("http://a:80/", policy: Self.development).authority == "a")
        #expect(try WebhookURL("http://a:443/", policy: Self.development).authority == "a:443")
        #expect(try WebhookURL("https://[0::1]/", policy: Self.development).authority == "[::1]")
        #expect(try WebhookURL("https://[::1]:8443/", policy: Self.development).authority == "[::1]:8443")
    }

    @Test func theLogShowsNoValueOfAQuery() throws {
        let url = try WebhookURL("https://example.com/a?token=secret&b=&flag&&x=y=z", policy: Self.production)
        #expect(url.masked == "https://example.com/a?token=***&b=***&***&&x=***")
        #expect(try WebhookURL("https://example.com/a", policy: Self.production).masked == "https://example.com/a")
    }

    @Test func noChangeOfATextIsTakenThatNamesAPrivateHost() {
        // Whatever chance makes of these texts, what is taken has a public name and no address.
        let stems = ["https://127.0.0.1/", "https://localhost/", "https://a.internal:443/x", "https://example.com/"]
        let signs = Array("0x7f.1[]:@%#?/\\-_aZ\t\u{ad}。é")
        var chance = SplitMix64(seed: 64)
        for round in 0..<20_000 {
            var text = Array(stems[round % stems.count])
            for _ in 0...(chance.next() % 3) {
                text.insert(
                    signs[Int(chance.next() % UInt64(signs.count))], at: Int(chance.next() % UInt64(text.count)))
            }
            guard let url = try? WebhookURL(String(text), policy: Self.production) else { continue }
            #expect(url.isSecure && url.address == nil && [443, 8_443].contains(url.port), "\(String(text))")
            #expect(url.host.contains(".") && url.host.utf8.allSatisfy { $0 < 0x80 }, "\(String(text))")
            let last = url.host.split(separator: ".").last ?? ""
            #expect(last.utf8.contains { !(0x30...0x39).contains($0) }, "\(String(text))")
            #expect((try? WebhookURL(url.description, policy: Self.production)) == url, "\(String(text))")
        }
    }

    private static func refusal(_ text: String, _ policy: WebhookURLPolicy) -> InvalidWebhookURL? {
        do {
            _ = try WebhookURL(text, policy: policy)
            return nil
        } catch {
            return error
        }
    }
}
