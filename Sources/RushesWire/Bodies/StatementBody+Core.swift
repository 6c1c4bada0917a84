package import RushesCore

extension StatementBody {
    /// The body of a statement.
    package init(_ statement: Statement) {
        let (opening, closing) = (statement.opening, statement.closing)
        self.init(
            organizationID: statement.organization.rawValue, month: statement.month.description,
            closed: statement.isClosed, opening: StatementBalanceBody(opening),
            movements: StatementMovementsBody(statement.movements), holds: StatementHoldsBody(statement.movements),
            closing: StatementBalanceBody(closing),
            firstSeq: opening.sequence == closing.sequence ? nil : Int64(opening.sequence + 1),
            lastSeq: Int64(closing.sequence), openingHead: opening.chainHead, chainHead: closing.chainHead,
            lots: statement.lots.map(LotStandingBody.init))
    }
}

extension StatementBalanceBody {
    /// A wallet's credits where a ledger stands.
    package init(_ end: LedgerEnd) {
        var total = end.available
        total.wrap(adding: end.held)
        self.init(
            availableMicros: end.available.micros, heldMicros: end.held.micros, totalMicros: total.micros)
    }
}

extension StatementMovementsBody {
    /// The body of a month's movements.
    package init(_ movements: StatementMovements) {
        self.init(
            boughtMicros: movements.bought.micros, paidMicros: movements.paid.micros,
            grantedMicros: movements.granted.micros, adjustedMicros: movements.adjusted.micros,
            capturedMicros: movements.capturedTotal.micros,
            captured: movements.captured.sorted { $0.key < $1.key }.map {
                StatementModelBody(model: $0.key, capturedMicros: $0.value.micros)
            },
            expiredMicros: movements.expired.micros, revokedMicros: movements.revoked.micros,
            refundedMicros: movements.refunded.micros)
    }
}

extension StatementHoldsBody {
    /// The body of what a month froze and gave back.
    package init(_ movements: StatementMovements) {
        self.init(openedMicros: movements.holdsOpened.micros, releasedMicros: movements.holdsReleased.micros)
    }
}
