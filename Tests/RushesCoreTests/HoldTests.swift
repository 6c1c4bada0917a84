import RushesCore
import Testing

@Suite struct HoldTests {
    /// A hold over 1 to 5 lots, of which none but the last ends at a position's border except by chance.
    static func randomHold(_ chance: inout Chance) -> Hold {
        let price = credits(Int64(chance.between(1, 1_000)))
        let count = chance.between(1, 60)
        var left = price * count
        var parts: [HoldPart] = []
        for number in 1...chance.between(1, 5) where left > credits(1) {
            let amount = credits(Int64(chance.between(1, Int(left.micros) - 1)))
            parts.append(HoldPart(lot: id(number), amount: amount))
            left -= amount
        }
        parts.append(HoldPart(lot: id(99), amount: left))
        return Hold(batch: id(1), unitPrice: price, count: count, parts: parts)
    }

    /// What each lot gave for good and got back, after all postings.
    struct Outcome: Equatable {
        var captured: [LotID: Credits] = [:]
        var released: [LotID: Credits] = [:]

        mutating func add(_ settlement: Settlement) {
            for part in settlement.captures { captured[part.lot, default: .zero] += part.amount }
            for part in settlement.releases { released[part.lot, default: .zero] += part.amount }
        }
    }

    /// The same endings in a random order and random groups.
    static func settle(
        _ hold: inout Hold, endings: [Bool], _ chance: inout Chance
    ) throws(IllegalSettlement) -> Outcome {
        var outcome = Outcome()
        var succeeded = hold.head
        var failed = hold.count - hold.tail
        for ending in chance.shuffled(endings) {
            if ending { succeeded += 1 } else { failed += 1 }
            if chance.one(in: 3) { outcome.add(try hold.settle(succeeded: succeeded, failed: failed)) }
        }
        outcome.add(try hold.settle(succeeded: succeeded, failed: failed))
        return outcome
    }

    @Test func theOrderAndTheGroupsOfSettlementsDoNotMatter() throws {
        for seed in 0..<1_000 {
            var chance = Chance(seed: UInt64(seed))
            let hold = Self.randomHold(&chance)
            let endings = (0..<hold.count).map { _ in chance.one(in: 2) }
            var first = hold
            let expected = try Self.settle(&first, endings: endings, &chance)
            #expect(first.isClosed)
            #expect(first.captured + first.released == hold.total)
            for _ in 0..<3 {
                var again = hold
                #expect(try Self.settle(&again, endings: endings, &chance) == expected)
                #expect(again == first)
            }
        }
    }

    @Test func theEndEqualsAHoldOfTheSuccessesAlone() throws {
        for seed in 0..<1_000 {
            var chance = Chance(seed: UInt64(seed))
            var whole = Self.randomHold(&chance)
            let successes = chance.between(0, whole.count)
            let endings = (0..<whole.count).map { $0 < successes }
            let outcome = try Self.settle(&whole, endings: endings, &chance)
            var left = whole.unitPrice * successes
            for part in whole.parts {
                let expected = min(left, part.amount)
                #expect(outcome.captured[part.lot, default: .zero] == expected)
                #expect(outcome.released[part.lot, default: .zero] == part.amount - expected)
                left -= expected
            }
        }
    }

    @Test func capturesFromTheHeadAndReleasesFromTheTail() throws {
        var hold = Hold(
            batch: id(1), unitPrice: credits(10), count: 10,
            parts: [
                HoldPart(lot: id(1), amount: credits(25)), HoldPart(lot: id(2), amount: credits(50)),
                HoldPart(lot: id(3), amount: credits(25)),
            ])
        let first = try hold.settle(succeeded: 3, failed: 1)
        #expect(
            first.captures == [HoldPart(lot: id(1), amount: credits(25)), HoldPart(lot: id(2), amount: credits(5))])
        #expect(first.releases == [HoldPart(lot: id(3), amount: credits(10))])
        #expect((hold.head, hold.tail) == (3, 9))
        let second = try hold.settle(succeeded: 3, failed: 7)
        #expect(second.captures.isEmpty)
        #expect(
            second.releases == [HoldPart(lot: id(2), amount: credits(45)), HoldPart(lot: id(3), amount: credits(15))])
        #expect(hold.isClosed)
        #expect((hold.captured, hold.released) == (credits(30), credits(70)))
        let nothing = try hold.settle(succeeded: 3, failed: 7)
        #expect(nothing.captures.isEmpty && nothing.releases.isEmpty)
    }

    @Test(arguments: [(3, 3), (4, 2), (3, 2), (7, 4), (11, 0), (0, 0), (4, 8)])
    func refusesCountsThatGoBackOrBeyond(succeeded: Int, failed: Int) {
        let before = Hold(
            batch: id(1), unitPrice: credits(10), count: 10, parts: [HoldPart(lot: id(1), amount: credits(100))],
            head: 4, tail: 7)
        var hold = before
        let refusal = #expect(throws: IllegalSettlement.self) {
            try hold.settle(succeeded: succeeded, failed: failed)
        }
        #expect(
            refusal.map { [$0.succeeded, $0.failed, $0.head, $0.tail, $0.count] } == [succeeded, failed, 4, 7, 10])
        #expect(hold == before)
    }
}
