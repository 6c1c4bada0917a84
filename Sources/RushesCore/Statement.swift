/// What happened to one organization's credits in one month of UTC, as its finance department reads it.
///
/// It is a function of ledger transactions up to the last one of the month, so that a closed month is the same whenever
/// it is asked for.
package struct Statement: Sendable, Equatable {
    /// Whose credits they are.
    package let organization: OrganizationID
    /// The month.
    package let month: CalendarMonth
    /// True when nothing can be posted in it any more.
    package let isClosed: Bool
    /// Where the ledger stood before the month.
    package let opening: LedgerEnd
    /// Where it stood after the last transaction of the month.
    package let closing: LedgerEnd
    /// What moved between the two.
    package let movements: StatementMovements
    /// Lots that moved in the month or have credits at its end, in the order of their grant.
    package let lots: [LotStanding]

    /// A statement from its parts.
    ///
    /// - Throws: `StatementDefect` when opening and movements do not make the closing.
    package init(
        organization: OrganizationID, month: CalendarMonth, isClosed: Bool, opening: LedgerEnd, closing: LedgerEnd,
        movements: StatementMovements, lots: [LotStanding]
    ) throws(StatementDefect) {
        self.organization = organization
        self.month = month
        self.isClosed = isClosed
        self.opening = opening
        self.closing = closing
        self.movements = movements
        self.lots = lots
        let expected = movements.closing(of: opening)
        if closing.available != expected.available || closing.held != expected.held {
            throw StatementDefect(
                month: month, closing: [closing.available, closing.held],
                computed: [expected.available, expected.held])
        }
        var (available, held) = (Credits.zero, Credits.zero)
        for lot in lots {
            available.wrap(adding: lot.balances.available)
            held.wrap(adding: lot.balances.held)
        }
        if closing.available != available || closing.held != held {
            throw StatementDefect(
                month: month, closing: [closing.available, closing.held], computed: [available, held])
        }
    }

    /// A month is closed so long after its end: no transaction is open longer, and each has the time of its beginning.
    package static let closingMilliseconds: Int64 = 600_000

    /// Whether nothing can be posted in a month any more.
    package static func isClosed(_ month: CalendarMonth, at now: Timestamp) -> Bool {
        month.next.start.adding(milliseconds: closingMilliseconds) <= now
    }
}

/// A ledger whose lines do not lead from a month's opening to its closing: somebody changed it.
package struct StatementDefect: Error, Sendable, Equatable, CustomStringConvertible {
    /// The month.
    package let month: CalendarMonth
    /// What the ledger says.
    package let closing: [Credits]
    /// What its lines give.
    package let computed: [Credits]

    package var description: String {
        "the ledger of \(month) ends with \(closing.map(\.micros)), its lines give \(computed.map(\.micros))"
    }
}
