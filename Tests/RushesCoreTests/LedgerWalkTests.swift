import RushesCore
import Testing

@Suite struct LedgerWalkTests {
    @Test func anHonestLedgerWithEveryKindHolds() throws {
        let history = try LedgerHistory.withEveryKind()
        #expect(LedgerHistory.defects(history.links) == [])
        var walk = LedgerWalk(id(1), hash: LedgerHistory.hash)
        for link in history.links { _ = walk.take(link) }
        #expect(walk.defects(comparedWith: history.end(at: history.links.count)) == [])
        let lots = try #require(walk.tally?.lots)
        #expect(lots[id(1)]?.captured == credits(471_130_000) && lots[id(1)]?.available == credits(1_805_070_000))
        #expect(lots[id(2)]?.captured == credits(50_000_000) && lots[id(2)]?.paid == .zero)
        #expect(lots[id(3)]?.adjusted == credits(2_000_000) && lots[id(3)]?.expired == credits(5_000_000))
        #expect(lots[id(4)]?.revoked == credits(9_000_000) && lots[id(4)]?.refunded == dollars(9_000_000))
        #expect(lots.values.allSatisfy { $0.isConserved })
    }

    @Test func aTallyGoesBackTheWayItCame() throws {
        let links = try LedgerHistory.withEveryKind().links
        var forward = LotTally()
        var states: [[LotID: LotBalances]] = [[:]]
        for link in links {
            forward.take(link.lines)
            states.append(forward.lots)
        }
        for (index, link) in links.enumerated().reversed() {
            forward.take(link.lines, backwards: true)
            #expect(forward.lots.filter { $0.value != LotBalances() } == states[index])
        }
    }

    @Test func figuresThatWouldOverflowAreDefectsAndNoTraps() {
        let lots = ["lot:\(id(1) as LotID):available", "lot:\(id(2) as LotID):available"]
        var history = LedgerHistory()
        history.post("grant", "g", [line(lots[0], 5), line("issuance", -5)])
        let first = history.links[0]
        for amount in [Int64.max, .min] {
            let forged = LedgerLink(
                position: first.position, kind: "purchase", reference: "g", batch: nil,
                lines: lots.map { line($0, amount) } + [
                    line("issuance", .min), cashLine("deferred:\(id(1) as LotID)", .min),
                ],
                hash: first.hash)
            let found = LedgerHistory.defects([first, forged, forged])
            #expect(found.first?.sequence == 2)
            #expect(Set(found.map(\.rule)).isSuperset(of: [.chainUnbroken, .transactionBalanced, .runningBalance]))
            var movements = StatementMovements()
            for _ in 0..<3 { movements.take(forged) }
            #expect(movements.closing(of: history.end(at: 1)).held == .zero)
        }
    }

    /// Somebody with full rights makes every hash again: what the lines say must still be possible.
    @Test func aChainThatWasMadeAgainIsStillSeenByItsLots() {
        let lot = "lot:\(id(1) as LotID)"
        let deferred = "deferred:\(id(1) as LotID)"
        let grant = [line("issuance", -10), line("\(lot):available", 10), cashLine("cash", 8), cashLine(deferred, -8)]
        let cases: [(LedgerDefect.Rule, [LedgerLine])] = [
            (.lotIsConserved, [line("\(lot):available", -11), line("\(lot):held", 11)]),
            (.lotIsConserved, [line("\(lot):available", -4), line("lot:\(id(2) as LotID):available", 4)]),
            (
                .lotRecognizesExactly,
                [line("\(lot):available", -5), line("consumed:m", 5), cashLine(deferred, 5), cashLine("revenue:m", -5)]
            ),
        ]
        for (rule, lines) in cases {
            var history = LedgerHistory()
            history.post("purchase", "p", grant)
            history.post("later", "l", lines)
            let found = LedgerHistory.defects(history.links)
            #expect(found.contains { $0.rule == rule && $0.sequence == 2 }, "\(rule): \(found)")
        }
    }

    @Test func anEndThatIsKnownElsewhereFindsACutTail() throws {
        let history = try LedgerHistory.withEveryKind()
        let count = history.links.count
        var whole = LedgerWalk(id(1), hash: LedgerHistory.hash)
        for link in history.links { _ = whole.take(link) }
        let known = LedgerEnd(
            sequence: count, chainHead: whole.end.chainHead, available: whole.end.available, held: whole.end.held,
            lots: whole.tally?.lots)
        for kept in 0..<count {
            var walk = LedgerWalk(id(1), hash: LedgerHistory.hash)
            for link in history.links[..<kept] { _ = walk.take(link) }
            let found = walk.defects(comparedWith: known)
            #expect(found.first?.sequence == kept + 1 && found.first?.rule == .sequenceWithoutGap)
        }
        var lots = try #require(known.lots)
        lots[id(1)]?.captured = credits(1)
        let other = LedgerEnd(
            sequence: count, chainHead: known.chainHead, available: known.available, held: known.held, lots: lots)
        #expect(whole.defects(comparedWith: other).map(\.rule) == [.lotIsConserved])
        #expect(whole.defects(comparedWith: known) == [])
    }
}
