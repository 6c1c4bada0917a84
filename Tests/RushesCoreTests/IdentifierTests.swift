import RushesCore
import Testing

@Suite struct IdentifierTests {
    @Test func theTextIsGolden() {
        let text = ULID.text(at: Timestamp(milliseconds: 1_469_918_176_385), randomHigh: 0, randomLow: 0)
        #expect(text == "01aryz6s410000000000000000")
        let most = ULID.text(at: Timestamp(milliseconds: 1 << 48 - 1), randomHigh: .max, randomLow: .max)
        #expect(most == "7zzzzzzzzzzzzzzzzzzzzzzzzz")
        #expect(
            ULID.text(at: Timestamp(milliseconds: 0), randomHigh: 0x0123, randomLow: 0x4567_89ab_cdef_0123)
                == "0000000000" + "04hmasw9nf6yy093")
    }

    @Test func textsSortLikeTimeThenRandomBits() {
        var chance = Chance(seed: 1)
        for _ in 0..<2_000 {
            let times = [Int64(chance.below(1 << 40)), Int64(chance.below(1 << 40))].sorted()
            let early = ULID.text(at: Timestamp(milliseconds: times[0]), randomHigh: .max, randomLow: .max)
            let late = ULID.text(at: Timestamp(milliseconds: times[1]), randomHigh: 0, randomLow: 0)
            #expect(times[0] == times[1] || early < late)
            let low = UInt64(chance.below(1 << 60))
            #expect(
                ULID.text(at: moment(0), randomHigh: 5, randomLow: low)
                    < ULID.text(at: moment(0), randomHigh: 5, randomLow: low + 1))
            #expect(ULID.isValid(Array(early.utf8)) && ULID.isValid(Array(late.utf8)))
        }
    }

    @Test(arguments: [
        ("bat_01aryz6s410000000000000000", true), ("bat_7zzzzzzzzzzzzzzzzzzzzzzzzz", true),
        ("bat_8zzzzzzzzzzzzzzzzzzzzzzzzz", false), ("bat_01ARYZ6S410000000000000000", false),
        ("tsk_01aryz6s410000000000000000", false), ("bat_01aryz6s41000000000000000", false),
        ("bat_01aryz6s4100000000000000000", false), ("bat-01aryz6s410000000000000000", false),
        ("bat_01aryz6s41000000000000000i", false), ("bat_01aryz6s41000000000000000l", false),
        ("bat_01aryz6s41000000000000000o", false), ("bat_01aryz6s41000000000000000u", false),
        ("bat_01aryz6s410000000000000 00", false), ("bat_01aryz6s4100000000000000é", false), ("", false),
        ("bat_", false), ("bat_01aryz6s41000000000000000\u{0}", false), ("BAT_01aryz6s410000000000000000", false),
    ])
    func aTextFromOutsideIsParsedStrictly(text: String, isRight: Bool) {
        #expect(BatchID(text)?.rawValue == (isRight ? text : nil))
    }

    @Test func everyKindHasItsPrefix() {
        let prefixes = [
            OrganizationIdentity.prefix, APIKeyIdentity.prefix, BatchIdentity.prefix, TaskIdentity.prefix,
            AssetIdentity.prefix, LotIdentity.prefix, LedgerTransactionIdentity.prefix, EventIdentity.prefix,
            PurchaseIdentity.prefix,
        ]
        #expect(prefixes == ["org", "key", "bat", "tsk", "ast", "lot", "ltx", "evt", "pur"])
    }
}
