package import RushesCore
import RushesDatabase
import RushesStore

/// What happened to an organization's credits, month by month.
package struct StatementService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// The months from the first transaction to this one, the newest first, each with whether it is closed.
    ///
    /// - Throws: `DatabaseError`.
    package func months(of organization: OrganizationID) async throws -> [(month: CalendarMonth, isClosed: Bool)] {
        try await engine.database.read { reader in
            guard var month = try reader.firstLedgerMonth(of: organization) else { return [] }
            let now = reader.now
            var months: [(CalendarMonth, Bool)] = []
            while month.start <= now {
                months.append((month, Statement.isClosed(month, at: now)))
                month = month.next
            }
            return months.reversed()
        }
    }

    /// The organization's name for people.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func customerName(of organization: OrganizationID) async throws -> String {
        try await engine.database.read { reader in
            guard let record = try reader.organization(organization) else { throw Refusal.notFound }
            return record.name
        }
    }

    /// The statement of a month.
    ///
    /// A closed month is read from transactions alone that never change, so it is the same for ever. Lots are followed
    /// from the nearer end of the ledger: forward from its beginning, or backward from what they are now.
    /// - Throws: `Refusal.notFound` for a month before the first transaction or after this one, `StatementDefect` for a
    ///   ledger that somebody changed, `DatabaseError`.
    package func statement(of organization: OrganizationID, in month: CalendarMonth) async throws -> Statement {
        let frame = try await engine.database.read { reader in
            guard let first = try reader.firstLedgerMonth(of: organization), month >= first,
                month.start <= reader.now,
                let frame = try reader.statementFrame(of: organization, in: month)
            else { throw Refusal.notFound }
            return frame
        }
        var reading = StatementReading(frame)
        var sequence = reading.start
        while sequence < reading.end {
            let (after, end) = (sequence, reading.end)
            let links = try await engine.database.read { reader in
                try reader.ledgerLinks(
                    of: organization, after: after, upTo: end, limit: Limits.ledgerTransactionsPerPage)
            }
            guard let last = links.last else {
                throw DatabaseError(.decoding, "the ledger of \(organization) has no transactions after \(after)")
            }
            links.forEach { reading.take($0) }
            sequence = last.sequence
        }
        return try Statement(
            organization: organization, month: month, isClosed: Statement.isClosed(month, at: frame.readAt),
            opening: frame.opening, closing: frame.closing, movements: reading.movements,
            lots: reading.statementLots)
    }
}

/// The transactions that a statement needs, and what it has learned from those that were read.
private struct StatementReading {
    private let frame: StatementFrame
    private let isForward: Bool
    private var tally: LotTally
    private(set) var movements = StatementMovements()

    init(_ frame: StatementFrame) {
        self.frame = frame
        isForward = frame.closing.sequence <= frame.lastSequence - frame.opening.sequence
        let lots = frame.lots.map { ($0.id, LotBalances($0)) }
        tally = isForward ? LotTally() : LotTally(Dictionary(uniqueKeysWithValues: lots))
    }

    /// The number behind which it begins to read.
    var start: Int { isForward ? 0 : frame.opening.sequence }
    /// The last number that it reads.
    var end: Int { isForward ? frame.closing.sequence : frame.lastSequence }

    mutating func take(_ link: LedgerLink) {
        let isOfMonth = link.sequence > frame.opening.sequence && link.sequence <= frame.closing.sequence
        if isOfMonth { movements.take(link) }
        if isForward {
            tally.take(link.lines)
        } else if link.sequence > frame.closing.sequence {
            tally.take(link.lines, backwards: true)
        }
    }

    /// Lots that moved in the month or have credits at its end, in the order of their grant.
    var statementLots: [LotStanding] {
        frame.lots.compactMap { lot in
            guard let balances = tally.lots[lot.id], balances.face > .zero else { return nil }
            let isShown =
                movements.lots.contains(lot.id) || balances.available != .zero || balances.held != .zero
            return isShown ? LotStanding(id: lot.id, origin: lot.origin, balances: balances) : nil
        }
    }
}
