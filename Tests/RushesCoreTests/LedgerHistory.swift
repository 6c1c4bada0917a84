import RushesCore

/// A wallet's ledger in memory, chained by a hash of the test's own.
struct LedgerHistory {
    private(set) var links: [LedgerLink] = []
    private var available: Int64 = 0
    private var held: Int64 = 0
    /// When the next transaction is posted.
    var time = moment(0)

    /// FNV-1a, which is as good as any for seeing that bytes changed.
    @Sendable static func hash(_ bytes: [UInt8]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "h\(value)"
    }

    mutating func post(_ transaction: LedgerTransaction) {
        post(
            transaction.kind.rawValue, transaction.reference,
            transaction.entries.map {
                LedgerLine(account: $0.account.name, unit: $0.account.unit, amountMicros: $0.amountMicros)
            })
    }

    /// Posts a transaction of any kind, also one that the program does not make.
    mutating func post(_ kind: String, _ reference: String, _ lines: [LedgerLine]) {
        for line in lines {
            if line.account.hasSuffix(":available") { available += line.amountMicros }
            if line.account.hasSuffix(":held") { held += line.amountMicros }
        }
        let position = LedgerPosition(
            organization: id(1), transaction: id(links.count + 1), sequence: links.count + 1, createdAt: time,
            availableAfter: credits(available), heldAfter: credits(held),
            previousHash: links.last?.hash ?? LedgerChain.genesis)
        let open = LedgerLink(
            position: position, kind: kind, reference: reference, batch: nil, lines: lines, hash: "")
        links.append(
            LedgerLink(
                position: position, kind: kind, reference: reference, batch: nil, lines: lines,
                hash: Self.hash(open.canonicalBytes)))
    }

    func end(at sequence: Int) -> LedgerEnd {
        if sequence == 0 {
            return LedgerEnd(sequence: 0, chainHead: LedgerChain.genesis, available: .zero, held: .zero)
        }
        let link = links[sequence - 1]
        return LedgerEnd(
            sequence: sequence, chainHead: link.hash, available: link.position.availableAfter,
            held: link.position.heldAfter)
    }

    /// What a walk over these links finds.
    static func defects(_ links: [LedgerLink]) -> [LedgerDefect] {
        var walk = LedgerWalk(id(1), hash: hash)
        return links.flatMap { walk.take($0) }
    }
}

/// A line in credits.
func line(_ account: String, _ amountMicros: Int64) -> LedgerLine {
    LedgerLine(account: account, unit: "uCR", amountMicros: amountMicros)
}

/// A line of the cash books.
func cashLine(_ account: String, _ amountMicros: Int64) -> LedgerLine {
    LedgerLine(account: account, unit: "uUSD", amountMicros: amountMicros)
}

extension LedgerHistory {
    /// A package of 2,000, a gift of 50, a batch of 100 with 87 successes, and after that every kind that is known by
    /// its name only: a correction up and one down, an expiry, and a refund of what is left of a top-up.
    static func withEveryKind() throws -> LedgerHistory {
        var history = LedgerHistory()
        var lots = [
            lot(1, paid: 2_000_000_000, face: 2_276_200_000), lot(2, paid: 0, face: 50_000_000, origin: .promo),
        ]
        history.post(.purchase(of: lots[0], paymentReference: "bank-1"))
        history.post(
            "grant", "grant:1", [line("issuance", -50_000_000), line("lot:\(lots[1].id):available", 50_000_000)])
        var hold = try wallet(lots).freeze(id(9), count: 100, model: model(), at: moment(0))
        history.post(.freeze(hold))
        for part in hold.parts {
            for index in lots.indices where lots[index].id == part.lot { lots[index].hold(part.amount) }
        }
        let settlement = try hold.settle(succeeded: 87, failed: 13)
        var recognized: [(lot: LotID, amount: Dollars)] = []
        for part in settlement.captures {
            for index in lots.indices where lots[index].id == part.lot {
                recognized.append((part.lot, lots[index].capture(part.amount)))
            }
        }
        history.post(.settlement(settlement, of: hold, instalment: 1, model: "veo-pro", recognized: recognized))
        let (gift, topup) = (id(3) as LotID, id(4) as LotID)
        history.post(
            "adjustment", "adjust:1", [line("issuance", -7_000_000), line("lot:\(gift):available", 7_000_000)])
        history.post("adjustment", "adjust:2", [line("lot:\(gift):available", -2_000_000), line("adjust", 2_000_000)])
        history.post("expiry", "expire:1", [line("lot:\(gift):available", -5_000_000), line("expired", 5_000_000)])
        history.post(
            .purchase(
                of: lot(4, paid: 9_000_000, face: 9_000_000, origin: .topup), paymentReference: "bank-2"))
        history.post(
            "refund", "refund:1",
            [
                line("lot:\(topup):available", -9_000_000), line("revoked", 9_000_000),
                cashLine("deferred:\(topup)", 9_000_000), cashLine("cash", -9_000_000),
            ])
        return history
    }
}
