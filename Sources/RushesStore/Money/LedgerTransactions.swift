package import RushesCore
package import RushesDatabase

/// A posted ledger transaction without its lines.
package struct PostedTransaction: Sendable, Equatable {
    /// The transaction.
    package let id: LedgerTransactionID
    /// The number in the wallet.
    package let sequence: Int
    /// What happened.
    package let kind: String
    /// The operation's key.
    package let reference: String
    /// The batch.
    package let batch: BatchID?
    /// When it was posted.
    package let createdAt: Timestamp
    /// Free credits of the wallet afterwards.
    package let availableAfter: Credits
    /// Frozen credits of the wallet afterwards.
    package let heldAfter: Credits
    /// The hash of the transaction before.
    package let previousHash: String
    /// Its hash.
    package let hash: String
}

/// One line of the ledger with its transaction, as `GET /v1/ledger` shows it.
package struct LedgerRow: Sendable, Equatable {
    /// Its transaction.
    package let transaction: PostedTransaction
    /// The line's number in the transaction, from 1.
    package let line: Int
    /// The account.
    package let account: String
    /// The unit's code.
    package let unit: String
    /// The change in millionths of the unit.
    package let amountMicros: Int64
}

let transactionColumns = """
    t.id, t.seq, t.kind, t.reference, t.batch_id, t.created_at, t.available_after_micros, t.held_after_micros,
    t.previous_hash, t.hash
    """

extension SQLRow {
    func postedTransaction() throws(DatabaseError) -> PostedTransaction {
        PostedTransaction(
            id: try id(0, LedgerTransactionIdentity.self), sequence: try int(1), kind: try text(2),
            reference: try text(3), batch: try optionalText(4).map(BatchID.init(trusted:)), createdAt: try time(5),
            availableAfter: try credits(6), heldAfter: try credits(7), previousHash: try text(8), hash: try text(9))
    }
}

extension SQLReading {
    /// The transaction of an operation's key.
    package func ledgerTransaction(reference: String) throws(DatabaseError) -> PostedTransaction? {
        try query("SELECT \(transactionColumns) FROM ledger_transaction t WHERE t.reference = $1", [.text(reference)])
            .first?.postedTransaction()
    }

    /// Lines of an organization's ledger in order, after a transaction's line; `unit` nil shows the cash books too.
    package func ledgerRows(
        of organization: OrganizationID, batch: BatchID?, unit: String?, after sequence: Int, line: Int, limit: Int
    ) throws(DatabaseError) -> [LedgerRow] {
        var values: [SQLValue] = [.text(organization.rawValue), .int(sequence), .int(line)]
        var conditions = ""
        func add(_ condition: String, _ value: SQLValue) {
            values.append(value)
            conditions += " AND \(condition) = $\(values.count)"
        }
        if let batch { add("t.batch_id", .text(batch.rawValue)) }
        if let unit { add("e.unit", .text(unit)) }
        values.append(.int(limit))
        // The conditions on seq say the same, once as a range that the index can start from. CROSS JOIN keeps SQLite
        // from reading the lines first, and `+ 0` from reading all later lines for each transaction.
        let rows = try query(
            """
            SELECT \(transactionColumns), e.line, e.account, e.unit, e.amount_micros
            FROM ledger_transaction t CROSS JOIN credit_ledger e
            WHERE t.organization_id = $1 AND t.seq >= $2 AND (t.seq > $2 OR e.line > $3)
              AND e.organization_id = t.organization_id AND e.seq = t.seq + 0\(conditions)
            ORDER BY t.seq, e.line LIMIT $\(values.count)
            """, values)
        return try rows.map { row throws(DatabaseError) in
            LedgerRow(
                transaction: try row.postedTransaction(), line: try row.int(10), account: try row.text(11),
                unit: try row.text(12), amountMicros: try row.integer(13))
        }
    }
}

/// A ledger transaction with its place in its wallet's chain, about to be written.
struct SealedTransaction {
    let transaction: LedgerTransaction
    let position: LedgerPosition
    let hash: String

    var posted: PostedTransaction {
        PostedTransaction(
            id: position.transaction, sequence: position.sequence, kind: transaction.kind.rawValue,
            reference: transaction.reference, batch: transaction.batch, createdAt: position.createdAt,
            availableAfter: position.availableAfter, heldAfter: position.heldAfter,
            previousHash: position.previousHash, hash: hash)
    }
}

extension WalletRow {
    /// Gives a transaction the next place in the chain; the wallet's sums are those after it already.
    mutating func seal(
        _ transaction: LedgerTransaction, at now: Timestamp, ids: any IDSource
    ) -> SealedTransaction {
        let position = LedgerPosition(
            organization: organization, transaction: ids.next(LedgerTransactionIdentity.self),
            sequence: ledgerSequence + 1, createdAt: now, availableAfter: available, heldAfter: held,
            previousHash: chainHead)
        let hash = sha256Hex(
            LedgerChain.canonicalBytes(
                position, kind: transaction.kind.rawValue, reference: transaction.reference, batch: transaction.batch,
                lines: transaction.entries.map { ($0.account.name, $0.account.unit, $0.amountMicros) }))
        ledgerSequence = position.sequence
        chainHead = hash
        return SealedTransaction(transaction: transaction, position: position, hash: hash)
    }
}

extension SQLTransaction {
    /// Writes a transaction at the end of a locked wallet's chain.
    ///
    /// The caller has changed the wallet's sums already; this sets its number and head, and saves it.
    func post(
        _ transaction: LedgerTransaction, to wallet: inout WalletRow, ids: any IDSource
    ) throws(DatabaseError) -> PostedTransaction {
        let sealed = wallet.seal(transaction, at: now, ids: ids)
        return try write([sealed], of: &wallet, ids: ids)[0]
    }

    /// Writes sealed transactions, their lines first and the sealing headers last, and the wallet as they leave it; its
    /// owner is told when it has run low by them.
    func write(
        _ sealed: [SealedTransaction], of wallet: inout WalletRow, ids: any IDSource
    ) throws(DatabaseError) -> [PostedTransaction] {
        try insertEntries(sealed)
        try insertHeaders(sealed)
        try saveAndObserve(&wallet, ids: ids)
        return sealed.map(\.posted)
    }

    private func insertEntries(_ sealed: [SealedTransaction]) throws(DatabaseError) {
        try bulkInsert(
            "credit_ledger", ["organization_id", "seq", "line", "account", "unit", "amount_micros"],
            sealed.flatMap { sealed in
                sealed.transaction.entries.enumerated().map { index, entry in
                    [
                        .text(sealed.position.organization.rawValue), .int(sealed.position.sequence), .int(index + 1),
                        .text(entry.account.name), .text(entry.account.unit), .integer(entry.amountMicros),
                    ]
                }
            })
    }

    private func insertHeaders(_ sealed: [SealedTransaction]) throws(DatabaseError) {
        let columns = [
            "organization_id", "seq", "id", "kind", "reference", "batch_id", "created_at", "available_after_micros",
            "held_after_micros", "entry_count", "previous_hash", "hash",
        ]
        try bulkInsert(
            "ledger_transaction", columns,
            sealed.map { sealed in
                let (transaction, position) = (sealed.transaction, sealed.position)
                return [
                    .text(position.organization.rawValue), .int(position.sequence),
                    .text(position.transaction.rawValue), .text(transaction.kind.rawValue),
                    .text(transaction.reference), .optional(transaction.batch?.rawValue), .time(position.createdAt),
                    .integer(position.availableAfter.micros), .integer(position.heldAfter.micros),
                    .int(transaction.entries.count), .text(position.previousHash), .text(sealed.hash),
                ]
            })
    }
}
