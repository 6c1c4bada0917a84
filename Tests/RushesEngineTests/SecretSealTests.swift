import Foundation
import RushesCore
import RushesEngine
import RushesSimulation
import Testing

@Suite struct SecretSealTests {
    private static let random = SeededChance(seed: 66, clock: ManualClock())
    private static let older = Data(repeating: 1, count: 32).base64EncodedString()
    private static let newer = Data(repeating: 2, count: 32).base64EncodedString()

    @Test func whatIsSealedIsOpenedByItsOwnerOnly() throws {
        let seal = try SecretSeal(lines: Self.newer)
        let sealed = try seal.seal("whsec_AAEC", for: "wep_1", Self.random)
        #expect(sealed.hasPrefix("v1.\(seal.newestKeyID)."))
        #expect(!sealed.contains("whsec_"))
        #expect(try seal.open(sealed, for: "wep_1") == "whsec_AAEC")
        #expect(throws: SecretSealError.notAuthentic) { try seal.open(sealed, for: "wep_2") }
        #expect(try seal.seal("whsec_AAEC", for: "wep_1", Self.random) != sealed)
    }

    @Test func aKeyIsReplacedWithoutLosingWhatTheOldOneSealed() throws {
        let before = try SecretSeal(lines: Self.older)
        let sealed = try before.seal("secret", for: "wep_1", Self.random)
        let after = try SecretSeal(lines: "# newest first\n\(Self.newer)\n\n  \(Self.older)\n")
        #expect(try after.open(sealed, for: "wep_1") == "secret")
        #expect(after.isOutdated(sealed) && !before.isOutdated(sealed))
        let again = try after.seal("secret", for: "wep_1", Self.random)
        #expect(!after.isOutdated(again))
        #expect(throws: SecretSealError.unknownKey(id: after.newestKeyID)) { try before.open(again, for: "wep_1") }
    }

    @Test func everyChangeIsFound() throws {
        let seal = try SecretSeal(lines: Self.newer)
        let sealed = try seal.seal("whsec_AAEC", for: "wep_1", Self.random)
        let parts = sealed.split(separator: ".")
        let bytes = try #require(Data(base64Encoded: String(parts[2])))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x10
            let text = "v1.\(parts[1]).\(changed.base64EncodedString())"
            #expect(throws: SecretSealError.notAuthentic) { try seal.open(text, for: "wep_1") }
        }
        for text in [
            "", "v1", "v1..", "v2.\(parts[1]).\(parts[2])", "v1.\(parts[1]).AAAA", "v1.\(parts[1]).???", sealed + ".x",
        ] {
            #expect(throws: SecretSealError.malformed) { try seal.open(text, for: "wep_1") }
        }
    }

    @Test func aKeyHas32Bytes() throws {
        for text in [
            "", "AAAA", Data(repeating: 1, count: 31).base64EncodedString(), String(repeating: "a", count: 64),
        ] {
            #expect(SecretSealKey(text) == nil)
        }
        #expect(throws: SecretSealError.noKey) { try SecretSeal(lines: "\n# none\n") }
        #expect(throws: SecretSealError.unreadableKey(line: 2)) { try SecretSeal(lines: "\(Self.newer)\nnonsense\n") }
        let key = try #require(SecretSealKey(Self.newer))
        #expect("\(key)" == "***" && !String(reflecting: key).contains("2, 2"))
    }
}
