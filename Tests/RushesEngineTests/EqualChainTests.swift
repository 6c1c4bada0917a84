import RushesCore
import RushesDatabase
import RushesEngine
import RushesSimulation
import RushesStore
import RushesTesting
import Testing

/// One log of commands, with the same clock and identifiers, leaves the same ledger in every database: heads, hashes
/// and each line, byte for byte.
@Suite("Equal chain heads")
struct EqualChainTests {
    @Test(arguments: UInt64(1)...4)
    func aLogLeavesTheSameBooksInEveryDatabase(seed: UInt64) async throws {
        var first: Books?
        for kind in TestDatabase.allCases {
            let books = try await EngineWorld.with(kind) { world in try await CommandLog(seed, world).play() }
            #expect(books.transactions.count > 50)
            #expect(Set(books.kinds) == Set(LedgerTransaction.Kind.allCases.map(\.rawValue)))
            #expect(books.firstDifference(from: first ?? books) == nil, "\(kind)")
            first = first ?? books
        }
        // Another log leaves other books, so the comparison can fail.
        let other = try await EngineWorld.with(.memory) { world in try await CommandLog(seed + 100, world).play() }
        #expect(other.heads != first?.heads)
    }
}

/// What the ledger holds, in its order.
private struct Books: Equatable, Sendable {
    let heads: [SQLRow]
    let transactions: [SQLRow]
    let lines: [SQLRow]
    let lots: [SQLRow]
    let kinds: [String]

    /// The first row that differs, as both have it.
    func firstDifference(from other: Books) -> String? {
        for (mine, theirs) in [
            (transactions, other.transactions), (lines, other.lines), (lots, other.lots), (heads, other.heads),
        ] where mine != theirs {
            guard let index = zip(mine, theirs).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
                return "\(mine.count) rows, \(theirs.count) rows"
            }
            return "\(mine[index].values) is not \(theirs[index].values)"
        }
        return nil
    }
}

/// Commands of customers, operators and workers in an order that a seed decides.
private struct CommandLog {
    let chance: SeededChance
    let world: EngineWorld

    init(_ seed: UInt64, _ world: EngineWorld) {
        chance = SeededChance(seed: seed, clock: ManualClock())
        self.world = world
    }

    func play() async throws -> Books {
        world.provider.script {
            $0.poll = { $0.prompt.hasSuffix("bad") ? .gaveUp(.moderated) : .completed }
        }
        var purchases: [PurchaseID] = []
        for number in 0..<60 {
            switch number < 4 ? Int64(number) : chance.below(8) {
            case 0: purchases.append(try await purchase(number))
            case 1: try await gift(number)
            case 2: try await adjust()
            case 3, 4: try await create(number)
            case 5: try await refund(purchases)
            case 6: _ = try await world.operators.apply(.sample(Catalogue.sora(price: 490_000 + chance.below(9))))
            default: try await world.run(seconds: chance.between(Int64(1), 20))
            }
        }
        // A batch that is settled in instalments, and a gift that nobody uses before its date.
        _ = try await purchase(1_001)
        try await create(1_002, maxConcurrency: 2)
        try await gift(1_003)
        try await world.run(seconds: 400, stepSeconds: 5)
        let last = try await purchase(1_000)
        try await refund([last])
        try await world.expectIntact()
        return try await books()
    }

    private func purchase(_ number: Int) async throws -> PurchaseID {
        let reference = "pay-\(number)"
        let order: PurchaseOrder = chance.happens(500) ? .package("pack_2000") : .topup(Credits(micros: 50_000_001))
        return try await world.operators.confirmPurchase(order, for: world.organization, reference: reference).purchase
            .id
    }

    private func gift(_ number: Int) async throws {
        _ = try await world.operators.grant(
            GrantOrder(
                organization: world.organization, origin: .promo, face: Credits(micros: chance.between(1, 9_000_000)),
                expiresAt: world.clock.now.adding(seconds: chance.between(1, 300)), reference: "gift-\(number)",
                reason: "autumn", by: "ada"))
    }

    private func adjust() async throws {
        let amount = Credits(micros: chance.between(1, 900_000))
        let isTaken = chance.happens(500)
        let proposal = Adjustment.Proposal(
            organization: world.organization, amount: isTaken ? Credits.zero - amount : amount, reason: "why",
            ticket: "T", by: "ada")
        let adjustment = try await world.operators.proposeAdjustment(proposal)
        _ = try await world.operators.decideAdjustment(adjustment.id, .approve, by: "bob")
    }

    private func create(_ number: Int, maxConcurrency: Int? = nil) async throws {
        let isMixed = chance.happens(700)
        try await ignoringRefusal {
            try await world.create(
                chance.between(10, 25), requestID: "r-\(number)", maxConcurrency: maxConcurrency
            ) { index in
                (isMixed || maxConcurrency != nil) && index % 3 == 0 ? "prompt bad" : "prompt \(index)"
            }
        }
    }

    private func refund(_ purchases: [PurchaseID]) async throws {
        guard !purchases.isEmpty else { return }
        let id = chance.choice(of: purchases)
        try await ignoringRefusal {
            try await world.operators.refundPurchase(id, reference: "back-\(id)", reason: "asked", by: "ada")
        }
    }

    /// A refusal is an answer like another one: both databases have to give it.
    private func ignoringRefusal(_ body: () async throws -> some Any) async throws {
        do {
            _ = try await body()
        } catch is Refusal {
            return
        }
    }

    private func books() async throws -> Books {
        try await world.database.read { reader in
            let transactions = try reader.query(
                """
                SELECT organization_id, seq, id, kind, reference, batch_id, created_at, available_after_micros,
                  held_after_micros, entry_count, previous_hash, hash
                FROM ledger_transaction ORDER BY organization_id, seq
                """, [])
            return Books(
                heads: try reader.query(
                    "SELECT organization_id, ledger_seq, chain_head, available_micros, held_micros FROM wallet", []),
                transactions: transactions,
                lines: try reader.query(
                    """
                    SELECT organization_id, seq, line, account, unit, amount_micros FROM credit_ledger
                    ORDER BY organization_id, seq, line
                    """, []),
                lots: try reader.query(
                    """
                    SELECT id, origin, priority, paid_micros, face_micros, available_micros, held_micros, captured_micros,
                      expired_micros, revoked_micros, adjusted_micros, refunded_micros, expires_at, sequence
                    FROM lot ORDER BY sequence
                    """, []),
                kinds: try transactions.map { try $0.text(3) })
        }
    }
}
