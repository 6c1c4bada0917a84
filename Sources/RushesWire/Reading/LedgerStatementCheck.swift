import RushesCore

/// Makes a statement again from the transactions of an export and compares.
struct LedgerStatementCheck: Sendable {
    private let statement: StatementBody
    private var opening: LedgerEnd?
    private var movements = StatementMovements()
    private var isDone = false

    init(_ statement: StatementBody) {
        self.statement = statement
    }

    /// The number before the month's first transaction.
    private var before: Int { Int(statement.firstSeq ?? statement.lastSeq &+ 1) &- 1 }

    mutating func begin(_ organization: OrganizationID, _ walk: LedgerWalk) throws(LedgerExportDefect) {
        if statement.organizationID != organization.rawValue {
            throw LedgerExportDefect(
                at: nil, "the statement is of \(statement.organizationID), the export of \(organization)")
        }
        try look(walk)
    }

    mutating func take(_ link: LedgerLink, _ walk: LedgerWalk) throws(LedgerExportDefect) {
        if link.sequence > before && link.sequence <= Int(statement.lastSeq) {
            movements.take(link)
            let month = CalendarMonth(containing: link.position.createdAt).description
            if month != statement.month {
                throw LedgerExportDefect(at: link.sequence, "is of \(month), the statement of \(statement.month)")
            }
        }
        try look(walk)
    }

    func finish(_ walk: LedgerWalk) throws(LedgerExportDefect) {
        if isDone { return }
        throw LedgerExportDefect(
            at: walk.end.sequence + 1,
            "the ledger ends at \(walk.end.sequence), the statement of \(statement.month) goes to \(statement.lastSeq)")
    }

    /// Notes the opening and compares at the end of the month, where the walk has come to them.
    private mutating func look(_ walk: LedgerWalk) throws(LedgerExportDefect) {
        if walk.end.sequence == before { opening = walk.end }
        guard walk.end.sequence == Int(statement.lastSeq), let opening else { return }
        isDone = true
        let pairs: [(String, Bool)] = [
            ("opening head", statement.openingHead == opening.chainHead),
            ("chain head", statement.chainHead == walk.end.chainHead),
            ("opening", statement.opening == StatementBalanceBody(opening)),
            ("movements", statement.movements == StatementMovementsBody(movements)),
            ("holds", statement.holds == StatementHoldsBody(movements)),
            ("closing", statement.closing == StatementBalanceBody(walk.end)),
            ("lots", haveSameBalances(walk)),
        ]
        for (name, isEqual) in pairs where !isEqual {
            throw LedgerExportDefect(
                at: walk.end.sequence, "the statement of \(statement.month) has another \(name) than the ledger")
        }
    }

    /// The statement's lots are as it says, and what it leaves out has no credits.
    private func haveSameBalances(_ walk: LedgerWalk) -> Bool {
        let known = statement.lots.balancesByLot
        return (walk.tally?.lots ?? [:]).allSatisfy { id, balances in
            known[id].map { $0 == balances }
                ?? (balances.available == .zero && balances.held == .zero && !movements.lots.contains(id))
        } && known.keys.allSatisfy { walk.tally?.lots[$0] != nil }
    }
}
