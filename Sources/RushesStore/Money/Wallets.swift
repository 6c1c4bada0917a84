package import RushesCore
package import RushesDatabase

/// A wallet's row: its sums, and where its ledger stands.
package struct WalletRow: Sendable, Equatable {
    /// The owner.
    package let organization: OrganizationID
    /// Free credits of all lots.
    package internal(set) var available: Credits
    /// Frozen credits of all lots.
    package internal(set) var held: Credits
    /// The number of the last ledger transaction; 0 before the first.
    package internal(set) var ledgerSequence: Int
    /// The hash of the last ledger transaction.
    package internal(set) var chainHead: String
    /// The number of the last lot; 0 before the first.
    package internal(set) var lotSequence: Int
    /// When its owner is told that it runs low.
    package internal(set) var alert: LowBalanceAlert
    /// True when budgets of its owner count what is frozen.
    package internal(set) var hasBudgets: Bool
    /// Disputes of payments that keep it from freezing.
    package internal(set) var disputes: Int

    /// True while it freezes nothing new.
    package var isSuspended: Bool { disputes > 0 }
}

let lotColumns = """
    id, origin, priority, paid_micros, face_micros, available_micros, held_micros, captured_micros, expires_at, sequence,
    expired_micros, revoked_micros, adjusted_micros, refunded_micros
    """

/// When a lot's date is, the end of all time for one without; the index `lot_drawn` knows it.
let endOfLot = "COALESCE(expires_at, 9223372036854775807)"

extension SQLRow {
    func lot() throws(DatabaseError) -> Lot {
        Lot(
            id: try id(0, LotIdentity.self), origin: try value(1, LotOrigin.self), priority: try int(2),
            paid: try dollars(3), face: try credits(4), available: try credits(5), held: try credits(6),
            captured: try credits(7),
            gone: Lot.Gone(
                expired: try credits(10), revoked: try credits(11), adjusted: try credits(12),
                refunded: try dollars(13)),
            expiresAt: try optionalTime(8), sequence: try int(9))
    }

    fileprivate func wallet() throws(DatabaseError) -> WalletRow {
        WalletRow(
            organization: try id(0, OrganizationIdentity.self), available: try credits(1), held: try credits(2),
            ledgerSequence: try int(3), chainHead: try text(4), lotSequence: try int(5),
            alert: LowBalanceAlert(
                below: try optionalInteger(6).map(Credits.init(micros:)), isLow: try int(7) == 1),
            hasBudgets: try int(8) == 1, disputes: try int(9))
    }
}

extension SingleQuery<WalletRow?> {
    /// A wallet, locked until the end of the transaction.
    package static func lockedWallet(
        _ organization: OrganizationID, _ dialect: SQLDialect
    ) -> SingleQuery<WalletRow?> {
        wallet(organization, suffix: dialect.forUpdate)
    }

    fileprivate static func wallet(_ organization: OrganizationID, suffix: String) -> SingleQuery<WalletRow?> {
        SingleQuery(
            """
            SELECT organization_id, available_micros, held_micros, ledger_seq, chain_head, lot_seq,
              low_balance_micros, is_low, has_budgets, disputes
            FROM wallet WHERE organization_id = $1\(suffix)
            """, [.text(organization.rawValue)]
        ) { rows throws(DatabaseError) in try rows.first?.wallet() }
    }
}

extension SingleQuery<[LotID: Lot]> {
    /// The lots that a batch's hold drew from, by identifier.
    package static func lots(heldBy batch: BatchID) -> SingleQuery<[LotID: Lot]> {
        SingleQuery(
            "SELECT \(lotColumns) FROM lot WHERE id IN (SELECT lot_id FROM hold_part WHERE batch_id = $1)",
            [.text(batch.rawValue)]
        ) { rows throws(DatabaseError) in
            var lots: [LotID: Lot] = [:]
            for row in rows {
                let lot = try row.lot()
                lots[lot.id] = lot
            }
            return lots
        }
    }
}

extension SingleQuery<[Lot]> {
    /// Lots with free credits that end after a moment, in the order of drawing.
    fileprivate static func freeLots(
        of organization: OrganizationID, endingAfter moment: Timestamp, limit: Int
    ) -> SingleQuery<[Lot]> {
        SingleQuery(
            """
            SELECT \(lotColumns) FROM lot WHERE organization_id = $1 AND available_micros > 0
              AND \(endOfLot) > $2
            ORDER BY priority, \(endOfLot), sequence LIMIT $3
            """, [.text(organization.rawValue), .time(moment), .int(limit)]
        ) { rows throws(DatabaseError) in try rows.map { row throws(DatabaseError) in try row.lot() } }
    }

    /// The first lots with free credits that are not past their date, in the order of drawing: enough for most amounts.
    package static func firstDrawableLots(of organization: OrganizationID, at now: Timestamp) -> SingleQuery<[Lot]> {
        freeLots(of: organization, endingAfter: now, limit: Limits.lotsLookedAtFirst)
    }
}

extension SQLReading {
    /// A wallet as it stands, without a lock.
    package func wallet(_ organization: OrganizationID) throws(DatabaseError) -> WalletRow? {
        try read(.wallet(organization, suffix: ""))
    }

    /// Lots with free credits that are not past their date, in the order of drawing: the first ones that cover an
    /// amount, or all when they do not or no amount is given; at most `Limits.lotsPerFreezeMax`.
    ///
    /// Most amounts are covered by very few, so that a wallet with many lots freezes as fast as one with one.
    package func drawableLots(
        of organization: OrganizationID, covering amount: Credits? = nil
    ) throws(DatabaseError) -> [Lot] {
        guard let amount else { return try allDrawableLots(of: organization) }
        let first = try read(.firstDrawableLots(of: organization, at: now))
        return try drawableLots(of: organization, covering: amount, first: first)
    }

    /// The same where the first lots are known.
    package func drawableLots(
        of organization: OrganizationID, covering amount: Credits, first: [Lot]
    ) throws(DatabaseError) -> [Lot] {
        let covered = first.reduce(Credits.zero) { $0 + $1.available }
        if covered >= amount || first.count < Limits.lotsLookedAtFirst { return first }
        return try allDrawableLots(of: organization)
    }

    private func allDrawableLots(of organization: OrganizationID) throws(DatabaseError) -> [Lot] {
        try read(.freeLots(of: organization, endingAfter: now, limit: Limits.lotsPerFreezeMax))
    }

    /// Lots with free or frozen credits, in the order of their grant: what a wallet shows, those past their date too
    /// until they are posted as expired.
    package func livingLots(of organization: OrganizationID) throws(DatabaseError) -> [Lot] {
        let beginning = Timestamp(milliseconds: 0)
        let free = try read(
            .freeLots(of: organization, endingAfter: beginning, limit: Limits.lotsPerFreezeMax))
        let held = try query(
            """
            SELECT \(lotColumns) FROM lot WHERE organization_id = $1 AND held_micros > 0 ORDER BY sequence LIMIT $2
            """, [.text(organization.rawValue), .int(Limits.lotsPerFreezeMax)]
        ).map { row throws(DatabaseError) in try row.lot() }
        let freeIDs = Set(free.map(\.id))
        return (free + held.filter { !freeIDs.contains($0.id) }).sorted { $0.sequence < $1.sequence }
    }

    /// Every lot that was ever granted, in the order of the grants.
    package func allLots(of organization: OrganizationID) throws(DatabaseError) -> [Lot] {
        try query(
            "SELECT \(lotColumns) FROM lot WHERE organization_id = $1 ORDER BY sequence",
            [.text(organization.rawValue)]
        ).map { row throws(DatabaseError) in try row.lot() }
    }

    /// A lot of an organization.
    package func lot(_ id: LotID) throws(DatabaseError) -> Lot? {
        try query("SELECT \(lotColumns) FROM lot WHERE id = $1", [.text(id.rawValue)]).first?.lot()
    }
}

extension SQLTransaction {
    /// A wallet, locked until the end of the transaction: the last lock of the order lane, batch, wallet. It orders
    /// equal request ids, the ledger's numbers and the hash chain of its organization.
    package func lockWallet(_ organization: OrganizationID) throws(DatabaseError) -> WalletRow? {
        try read(.lockedWallet(organization, dialect))
    }

    /// Adds a lot.
    func insert(_ lot: Lot, of organization: OrganizationID) throws(DatabaseError) {
        try execute(
            """
            INSERT INTO lot (id, organization_id, origin, priority, paid_micros, face_micros, available_micros,
              held_micros, captured_micros, expires_at, sequence, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            [
                .text(lot.id.rawValue), .text(organization.rawValue), .text(lot.origin.rawValue), .int(lot.priority),
                .integer(lot.paid.micros), .integer(lot.face.micros), .integer(lot.available.micros),
                .integer(lot.held.micros), .integer(lot.captured.micros), .time(lot.expiresAt), .int(lot.sequence),
                .time(now),
            ])
    }

    /// Writes the changing columns of lots whose wallet is locked.
    func save(_ lots: [Lot]) throws(DatabaseError) {
        try enqueueMany(
            """
            UPDATE lot SET available_micros = $1, held_micros = $2, captured_micros = $3, expires_at = $4,
              expired_micros = $5, revoked_micros = $6, adjusted_micros = $7, refunded_micros = $8
            WHERE id = $9
            """,
            lots.map { lot in
                [
                    .integer(lot.available.micros), .integer(lot.held.micros), .integer(lot.captured.micros),
                    .time(lot.expiresAt), .integer(lot.gone.expired.micros), .integer(lot.gone.revoked.micros),
                    .integer(lot.gone.adjusted.micros), .integer(lot.gone.refunded.micros), .text(lot.id.rawValue),
                ]
            })
    }

    /// Sets the mark below which a locked wallet's owner is told.
    package func alert(below mark: Credits?, of wallet: inout WalletRow, ids: any IDSource) throws(DatabaseError) {
        wallet.alert = LowBalanceAlert(below: mark, isLow: wallet.alert.isLow && wallet.alert.below == mark)
        try saveAndObserve(&wallet, ids: ids)
    }

    /// Writes a locked wallet, and tells its owner when it has run low.
    func saveAndObserve(_ wallet: inout WalletRow, ids: any IDSource) throws(DatabaseError) {
        let hasRunLow = wallet.alert.observe(available: wallet.available)
        try save(wallet)
        guard hasRunLow, let mark = wallet.alert.below else { return }
        let data = ["available_micros": String(wallet.available.micros), "low_balance_micros": String(mark.micros)]
        let event = Event(.walletLowBalance, data: data)
        try append([event], to: wallet.organization, ids: ids)
    }

    /// Writes a locked wallet's changing columns.
    private func save(_ wallet: WalletRow) throws(DatabaseError) {
        try enqueue(
            """
            UPDATE wallet SET available_micros = $1, held_micros = $2, ledger_seq = $3, chain_head = $4, lot_seq = $5,
              low_balance_micros = $6, is_low = $7
            WHERE organization_id = $8
            """,
            [
                .integer(wallet.available.micros), .integer(wallet.held.micros), .int(wallet.ledgerSequence),
                .text(wallet.chainHead), .int(wallet.lotSequence), .optional(wallet.alert.below?.micros),
                .int(wallet.alert.isLow ? 1 : 0), .text(wallet.organization.rawValue),
            ])
    }
}
