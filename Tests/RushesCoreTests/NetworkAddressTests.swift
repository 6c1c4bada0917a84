import RushesCore
import Testing

@Suite struct NetworkAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:1", "::1"),
            ("2001:DB8::A:0:0:1", "2001:db8::a:0:0:1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::ffff:127.0.0.1", "::ffff:7f00:1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ] as [(String, String)])
    func isReadAndWrittenCanonically(text: String, canonical: String) throws {
        #expect(try #require(NetworkAddress(text)).description == canonical)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "1.2.3.",
        ".1.2.3", "1..2.3", "1.2.3.4 ", "+1.2.3.4", "1.2.3.-4", "١.2.3.4", ":", ":::", "1:::2", "::1::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "fe80::1%eth0", "[::1]",
        "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
    ]) func anythingElseIsNoAddress(_ text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var chance = SplitMix64(seed: 63)
        for round in 0..<20_000 {
            // Zeros are frequent, so that gaps of every length and place come up.
            let bytes = (0..<(round % 2 == 0 ? 4 : 16)).map { _ in
                chance.next() % 3 == 0 ? UInt8(truncatingIfNeeded: chance.next()) : 0
            }
            let address = try #require(NetworkAddress(bytes: bytes))
            #expect(NetworkAddress(address.description) == address, "\(bytes)")
        }
    }

    @Test func onlyFourOrSixteenBytesAreAnAddress() {
        #expect([0, 3, 5, 15, 17].allSatisfy { NetworkAddress(bytes: [UInt8](repeating: 1, count: $0)) == nil })
    }
}
