import RushesCore
import Testing

@Suite struct AddressRulesTests {
    /// A denied block, an address in its middle, and its neighbours on both sides where those are public.
    static let blocks: [(block: String, inside: [String], outside: [String])] = [
        ("0.0.0.0/8", ["0.0.0.0", "0.255.255.255"], ["1.0.0.0"]),
        ("10.0.0.0/8", ["10.0.0.0", "10.1.2.3", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
        ("100.64.0.0/10", ["100.64.0.0", "100.127.255.255"], ["100.63.255.255", "100.128.0.0"]),
        ("127.0.0.0/8", ["127.0.0.1", "127.255.255.255"], ["126.255.255.255", "128.0.0.0"]),
        ("169.254.0.0/16", ["169.254.169.254", "169.254.0.0"], ["169.253.255.255", "169.255.0.0"]),
        ("172.16.0.0/12", ["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]),
        ("192.0.0.0/24", ["192.0.0.8", "192.0.0.170"], ["191.255.255.255", "192.0.1.0"]),
        ("192.0.2.0/24", ["192.0.2.1"], ["192.0.1.255", "192.0.3.0"]),
        ("192.88.99.0/24", ["192.88.99.1"], ["192.88.98.255", "192.88.100.0"]),
        ("192.168.0.0/16", ["192.168.1.1", "192.168.255.255"], ["192.167.255.255", "192.169.0.0"]),
        ("198.18.0.0/15", ["198.18.0.1", "198.19.255.255"], ["198.17.255.255", "198.20.0.0"]),
        ("198.51.100.0/24", ["198.51.100.7"], ["198.51.99.255", "198.51.101.0"]),
        ("203.0.113.0/24", ["203.0.113.7"], ["203.0.112.255", "203.0.114.0"]),
        ("224.0.0.0/4", ["224.0.0.1", "239.255.255.250"], ["223.255.255.255"]),
        ("240.0.0.0/4", ["240.0.0.1", "255.255.255.255"], []),
        ("::/128", ["::"], []), ("::1/128", ["::1"], []),
        ("::/96", ["::127.0.0.1", "::8.8.8.8"], []),
        ("::ffff:0:0:0/96", ["::ffff:0:127.0.0.1"], []),
        ("64:ff9b::/96", ["64:ff9b::7f00:1", "64:ff9b::8.8.8.8"], []),
        ("64:ff9b:1::/48", ["64:ff9b:1::a00:1"], []),
        ("100::/64", ["100::1"], []),
        ("2001::/23", ["2001::1", "2001:1ff:ffff::1"], ["2001:200::1"]),
        ("2001:db8::/32", ["2001:db8::1", "2001:db8:ffff::1"], ["2001:db7:ffff::1", "2001:db9::1"]),
        ("2002::/16", ["2002:7f00:1::", "2002:808:808::1"], ["2003::1"]),
        ("3fff::/20", ["3fff::1", "3fff:fff::1"], ["3ffe:ffff::1", "3fff:1000::1"]),
        ("5f00::/16", ["5f00::1"], []),
        ("fc00::/7", ["fc00::1", "fd12:3456::1", "fdff:ffff::1"], []),
        ("fe80::/10", ["fe80::1", "febf::1"], []), ("fec0::/10", ["fec0::1", "feff::1"], []),
        ("ff00::/8", ["ff02::1", "ff0e::1"], []),
    ]

    @Test(arguments: blocks.map(\.block)) func aBlockIsDeniedWholeAndNothingBesideIt(_ text: String) throws {
        let (_, inside, outside) = try #require(Self.blocks.first { $0.block == text })
        let block = try #require(AddressBlock(text))
        for text in inside {
            let address = try #require(NetworkAddress(text))
            #expect(block.contains(address), "\(text)")
            #expect(!AddressRules().allows(address), "\(text)")
        }
        for text in outside {
            let address = try #require(NetworkAddress(text))
            #expect(!block.contains(address), "\(text)")
            #expect(AddressRules().allows(address), "\(text)")
        }
        var chance = SplitMix64(seed: 61)
        for _ in 0..<200 {
            let address = try #require(Self.random(in: block, &chance))
            #expect(block.contains(address) && !AddressRules().allows(address), "\(address)")
        }
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.1.1", "172.217.1.1", "192.0.1.1", "203.0.112.1", "223.255.255.1",
        "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001:830::200e", "::ffff:8.8.8.8",
    ]) func publicAddressesAreAllowed(_ text: String) throws {
        #expect(AddressRules().allows(try #require(NetworkAddress(text))))
    }

    @Test func aMappedAddressIsJudgedAsTheOneThatIsDialled() throws {
        var chance = SplitMix64(seed: 62)
        for _ in 0..<20_000 {
            let word = chance.next()
            let inner = try #require(NetworkAddress(bytes: (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }))
            let mapped = try #require(NetworkAddress("::ffff:\(inner)"))
            #expect(mapped.unwrapped == inner)
            #expect(AddressRules().allows(mapped) == AddressRules().allows(inner), "\(inner)")
        }
    }

    @Test func theOperatorsListOpensWhatItNamesOnly() throws {
        let block = try #require(AddressBlock("10.20.0.0/16"))
        let rules = AddressRules(allowedBlocks: [block])
        #expect(rules.allows(try #require(NetworkAddress("10.20.255.1"))))
        #expect(rules.allows(try #require(NetworkAddress("::ffff:10.20.0.1"))))
        #expect(!rules.allows(try #require(NetworkAddress("10.21.0.1"))))
        #expect(!rules.allows(try #require(NetworkAddress("127.0.0.1"))))
        #expect(rules.allows(try #require(NetworkAddress("8.8.8.8"))))
        #expect(AddressRules(allowsPrivate: true).allows(try #require(NetworkAddress("127.0.0.1"))))
    }

    @Test(arguments: [
        "", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08x", "10.1.2.3/8", "::/129",
        "fc00::1/7", "10.0.0.0/8/8", "10.0.0/8", "example.com/8",
    ]) func aBlockThatIsNoneIsRefused(_ text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test(arguments: ["10.0.0.0/8", "0.0.0.0/0", "::/0", "fc00::/7", "192.168.1.7/32", "::1/128"])
    func aBlockIsWrittenAsItIsRead(_ text: String) throws {
        #expect(try #require(AddressBlock(text)).description == text)
        let host = try #require(text.split(separator: "/").first.map(String.init))
        #expect(AddressBlock(host)?.description.hasPrefix(host) == true)
    }

    /// An address of the block with chance in its other bits.
    private static func random(in block: AddressBlock, _ chance: inout SplitMix64) -> NetworkAddress? {
        var bytes = block.first.bytes
        for index in bytes.indices {
            let kept = min(max(block.prefixBits - index * 8, 0), 8)
            bytes[index] |= UInt8(truncatingIfNeeded: chance.next()) & UInt8(truncatingIfNeeded: 0xff >> kept)
        }
        return NetworkAddress(bytes: bytes)
    }
}
