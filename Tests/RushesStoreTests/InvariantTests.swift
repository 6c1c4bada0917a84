import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

/// Each invariant is seen when somebody with full rights breaks it behind the program's back.
@Suite struct InvariantTests {
    /// One change of the database, and an invariant that it breaks.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let invariant: Invariant
        let sql: String

        init(_ invariant: Invariant, _ sql: String) {
            self.invariant = invariant
            self.sql = sql
        }

        var testDescription: String { "\(invariant.rawValue): \(sql)" }
    }

    static let money = [
        Tampering(.transactionBalanced, "UPDATE credit_ledger SET amount_micros = 1 WHERE seq = 1 AND line = 1"),
        Tampering(.transactionBalanced, "DELETE FROM credit_ledger WHERE seq = 3 AND line = 1"),
        Tampering(
            .sequenceWithoutGap, "DELETE FROM credit_ledger WHERE seq = 2; DELETE FROM ledger_transaction WHERE seq = 2"
        ),
        Tampering(
            .sequenceWithoutGap, "DELETE FROM credit_ledger WHERE seq = 5; DELETE FROM ledger_transaction WHERE seq = 5"
        ),
        Tampering(.sequenceWithoutGap, "UPDATE wallet SET chain_head = 'x'"),
        Tampering(.chainUnbroken, "UPDATE ledger_transaction SET created_at = created_at + 1 WHERE seq = 2"),
        Tampering(.chainUnbroken, "UPDATE ledger_transaction SET hash = previous_hash WHERE seq = 3"),
        Tampering(
            .runningBalance, "UPDATE ledger_transaction SET held_after_micros = held_after_micros + 1 WHERE seq = 2"),
        Tampering(.runningBalance, "UPDATE wallet SET available_micros = available_micros + 1"),
        Tampering(
            .kindTouchesItsAccounts, "UPDATE credit_ledger SET account = 'consumed:x' WHERE seq = 2 AND line = 1"),
        Tampering(.walletIsItsLots, "UPDATE wallet SET held_micros = held_micros + 1"),
        Tampering(.lotIsItsEntries, "UPDATE lot SET available_micros = available_micros - 1"),
        Tampering(.lotIsConserved, "UPDATE lot SET face_micros = face_micros + 1"),
        Tampering(.lotIsItsHolds, "UPDATE lot SET captured_micros = captured_micros + 1"),
        Tampering(.lotIsItsHolds, "UPDATE hold SET head = head + 1 WHERE closed_at IS NULL"),
        Tampering(.lotRecognizesExactly, "UPDATE lot SET paid_micros = paid_micros + 1"),
        Tampering(.purchaseIsPosted, "UPDATE purchase SET reference = 'other' WHERE reference = 'pay-1'"),
        Tampering(.purchaseIsPosted, "UPDATE purchase SET face_micros = face_micros + 1"),
        Tampering(.purchaseIsItsIntent, "UPDATE purchase_intent SET state = 'pending' WHERE state = 'granted'"),
        Tampering(.purchaseIsItsIntent, "UPDATE purchase_intent SET paid_micros = paid_micros + 1"),
        Tampering(.purchaseIsItsIntent, "DELETE FROM purchase_intent"),
        Tampering(.purchaseIsItsIntent, "UPDATE purchase_intent SET state = 'granted' WHERE state = 'refunded'"),
        Tampering(.refundIsPosted, "UPDATE purchase_refund SET cash_micros = cash_micros + 1"),
        Tampering(.refundIsPosted, "UPDATE lot SET refunded_micros = 0, revoked_micros = 0 WHERE refunded_micros > 0"),
        Tampering(.grantIsPosted, "UPDATE credit_grant SET reference = 'other'"),
        Tampering(.grantIsPosted, "UPDATE credit_grant SET face_micros = face_micros + 1"),
        Tampering(.adjustmentIsPosted, "UPDATE adjustment SET amount_micros = amount_micros + 1"),
        Tampering(.adjustmentIsPosted, "UPDATE adjustment SET state = 'rejected'"),
        Tampering(.walletLostAsPosted, "UPDATE lot SET expired_micros = expired_micros + 1"),
        Tampering(.walletLostAsPosted, "UPDATE lot SET adjusted_micros = 0 WHERE adjusted_micros > 0"),
        Tampering(.walletAlertIsRight, "UPDATE wallet SET is_low = 1"),
        Tampering(.walletAlertIsRight, "UPDATE wallet SET low_balance_micros = available_micros + 1"),
        Tampering(.budgetCountsItsBatches, "UPDATE budget_use SET used_micros = used_micros + 1 WHERE period = 'day'"),
        Tampering(.budgetCountsItsBatches, "DELETE FROM budget_use WHERE subject LIKE 'key:%'"),
        Tampering(.budgetCountsItsBatches, "UPDATE batch SET project = NULL"),
        Tampering(.disputeSuspendsItsWallet, "UPDATE wallet SET disputes = disputes + 1"),
        Tampering(.disputeSuspendsItsWallet, "UPDATE dispute SET opened_seq = 1 WHERE state = 'won'"),
        Tampering(.disputeSuspendsItsWallet, "DELETE FROM dispute WHERE state = 'open'"),
        Tampering(.disputeIsPosted, "UPDATE dispute SET amount_micros = 5 WHERE amount_micros > 0"),
        Tampering(.disputeIsPosted, "UPDATE dispute SET amount_micros = NULL WHERE amount_micros > 0"),
        Tampering(.disputeIsPosted, "UPDATE dispute SET loss_micros = 1 WHERE state = 'charged_back'"),
        Tampering(.lotIsConserved, "UPDATE lot SET revoked_micros = revoked_micros + 1"),
        Tampering(.lotRecognizesExactly, "UPDATE lot SET refunded_micros = refunded_micros + 1"),
        Tampering(.holdIsItsParts, "UPDATE hold_part SET amount_micros = amount_micros - 1"),
        Tampering(.holdIsItsParts, "UPDATE batch SET unit_price_micros = unit_price_micros + 1"),
        Tampering(.holdIsSettledAsPosted, "UPDATE hold SET tail = tail - 1 WHERE closed_at IS NULL"),
    ]

    static let invoices = [
        Tampering(.invoicesWithoutGap, "UPDATE invoice_series SET last_number = last_number + 1"),
        Tampering(.invoicesWithoutGap, "DELETE FROM invoice WHERE number = 1 AND series_id = 'RSH-2026'"),
        Tampering(.invoicesWithoutGap, "UPDATE invoice SET number = number + 9 WHERE number = 2"),
        Tampering(.invoiceSaysWhatItSaid, "UPDATE invoice SET document = replace(document, 'Studio', 'Studia')"),
        Tampering(.invoiceSaysWhatItSaid, "UPDATE invoice SET document_sha256 = 'x'"),
        Tampering(.invoiceSaysWhatItSaid, "UPDATE invoice SET tax_micros = 5, total_micros = total_micros + 5"),
        Tampering(
            .invoiceIsItsPurchase,
            "UPDATE invoice SET state = 'void' WHERE purchase_id IS NOT NULL AND state = 'paid' AND kind = 'invoice'"),
        Tampering(
            .invoiceIsItsPurchase,
            "DELETE FROM invoice WHERE kind = 'credit_note' AND purchase_id IS NOT NULL AND number = 1"),
        Tampering(.invoiceIsItsPurchase, "UPDATE invoice SET net_micros = net_micros + 1"),
        Tampering(.invoiceIsItsMonth, "UPDATE month_close SET captured_micros = captured_micros + 1"),
        Tampering(.invoiceIsItsMonth, "UPDATE month_close SET first_seq = first_seq - 1"),
        Tampering(.invoiceIsItsMonth, "UPDATE month_close SET invoice_id = NULL"),
        Tampering(.invoiceIsItsMonth, "UPDATE credit_line SET closed_month = closed_month - 1"),
        Tampering(.invoiceIsItsMonth, "DELETE FROM month_close WHERE month = (SELECT MAX(month) FROM month_close)"),
        Tampering(.invoiceIsItsMonth, "DELETE FROM invoice WHERE kind = 'credit_note' AND month IS NOT NULL"),
        Tampering(.receivableIsInvoiced, "UPDATE invoice SET state = 'paid' WHERE state = 'issued' AND month > 0"),
        Tampering(.receivableIsInvoiced, "UPDATE invoice SET tax_micros = tax_micros + 1"),
        Tampering(.receivableIsInvoiced, "DELETE FROM credit_ledger WHERE account = 'receivable'"),
        Tampering(.creditLineIsItsLimit, "UPDATE credit_line SET limit_micros = limit_micros - 1"),
        Tampering(.creditLineIsItsLimit, "UPDATE credit_line SET limit_micros = limit_micros + 1"),
        Tampering(.creditLineIsItsLimit, "UPDATE invoice SET state = 'issued' WHERE state = 'paid' AND month > 0"),
        Tampering(.creditLineIsItsLimit, "DELETE FROM credit_line"),
    ]

    static let work = [
        Tampering(.batchIsItsPostings, "UPDATE batch SET posted_succeeded = posted_succeeded + 1"),
        Tampering(.batchIsItsPostings, "UPDATE batch SET instalments = instalments + 1"),
        Tampering(.batchIsItsPostings, "UPDATE credit_ledger SET amount_micros = -amount_micros WHERE seq = 3"),
        Tampering(.batchHasItsPrice, "UPDATE batch SET unit_price_micros = unit_price_micros - 1"),
        Tampering(.batchHasItsPrice, "UPDATE batch SET price_version = 7"),
        Tampering(.batchHasItsPrice, "UPDATE catalogue SET in_force_from = 9000000000000"),
        Tampering(.batchCountsItsTasks, "UPDATE batch SET queued = queued - 1, succeeded = succeeded + 1"),
        Tampering(.batchCountsItsTasks, "UPDATE task SET state = 'failed' WHERE state = 'queued'"),
        Tampering(.batchCountsItsTasks, "INSERT INTO task_sum SELECT id, 202611, 1, 0, 0, 0 FROM batch"),
        Tampering(.removalIsRecorded, "UPDATE batch SET tasks_removed_at = 5 WHERE finished_at IS NOT NULL"),
        Tampering(.removalIsRecorded, "INSERT INTO task_sum SELECT id, 202611, 1, 0, 0, 0 FROM batch"),
        Tampering(
            .removalIsRecorded,
            "UPDATE batch SET tasks_removed_at = 5; "
                + "INSERT INTO task_removal SELECT id, organization_id, NULL, 0, 0 FROM batch"),
        Tampering(
            .attemptSumsAreRemoved,
            "INSERT INTO attempt_sum SELECT 1, id, 'm', 'failed', -1, 0, 0, 0, 1, 0 FROM organization"),
        Tampering(
            .eventsWithoutGap, "INSERT INTO task_removal SELECT id, organization_id, NULL, 0, 1 FROM batch"),
        Tampering(.batchEndsWithItsHold, "UPDATE batch SET finished_at = 5, status = 'partial' WHERE queued > 0"),
        Tampering(.batchEndsWithItsHold, "UPDATE batch SET status = 'completed' WHERE finished_at IS NOT NULL"),
        Tampering(.batchWithinItsConcurrency, "UPDATE batch SET running = 3, max_concurrency = 2 WHERE queued > 0"),
        Tampering(.taskIsItsAttempts, "DELETE FROM attempt WHERE outcome = 'failed'"),
        Tampering(.taskIsItsAttempts, "UPDATE task SET generations = 2 WHERE state = 'succeeded'"),
        Tampering(.taskAgreesWithItsAttempt, "UPDATE attempt SET outcome = 'running' WHERE outcome = 'completed'"),
        Tampering(.taskAgreesWithItsAttempt, "UPDATE task SET provider_job = 'x' WHERE state = 'running'"),
        Tampering(.taskAgreesWithItsAttempt, "UPDATE attempt SET holds_slot = 0 WHERE outcome = 'running'"),
        Tampering(.successHasItsVideo, "DELETE FROM illustration; DELETE FROM asset"),
        Tampering(.successHasItsVideo, "UPDATE asset SET sha256 = 'short'"),
        Tampering(.jobHasOneOwner, "UPDATE attempt SET provider_job = 'same'"),
        Tampering(.laneCountsItsSlots, "UPDATE lane SET in_flight = in_flight + 1"),
        Tampering(.laneCountsItsSlots, "UPDATE attempt SET holds_slot = 1"),
        Tampering(.laneIsItsShares, "UPDATE lane_share SET in_flight = in_flight + 1"),
        Tampering(.laneIsItsShares, "DELETE FROM lane_share"),
        Tampering(.laneIsItsShares, "UPDATE lane SET in_flight = in_flight + 1"),
        Tampering(.laneIsItsShares, "UPDATE attempt SET holds_slot = 0 WHERE outcome = 'running'"),
        Tampering(.eventsWithoutGap, "DELETE FROM event"),
        Tampering(.endingIsAnnouncedOnce, "UPDATE event SET type = 'batch.failed'"),
        Tampering(.endsAreNumbered, "UPDATE task_end SET last = last + 1"),
        Tampering(.fanOutIsBehindTheFeed, "UPDATE webhook_cursor SET fanned_seq = 1000"),
        Tampering(
            .queueIsLookedAt,
            "UPDATE webhook_delivery SET state = 'pending', ended_at = NULL, lease_ends_at = NULL"),
        Tampering(.deliveryIsItsAttempts, "DELETE FROM webhook_attempt"),
        Tampering(.deliveryIsItsAttempts, "UPDATE webhook_message SET body = ''"),
        Tampering(.deliveryIsItsAttempts, "UPDATE webhook_delivery SET expunged_at = 1"),
    ]

    @Test(arguments: money + invoices + work)
    func aTamperingIsSeen(tampering: Tampering) async throws {
        try await StoreWorld.with(.memory) { world in
            try await world.livingHistory()
            #expect(try await InvariantSweep(world.database).run().violations == [])
            try await world.loseEveryGuard()
            let changed = try await world.database.write { transaction in
                try tampering.sql.split(separator: ";").map { try transaction.execute(String($0), []) }
            }
            #expect(!changed.contains(0))
            let found = try await InvariantSweep(world.database).run().violations
            #expect(found.contains { $0.invariant == tampering.invariant }, "\(found)")
        }
    }

    /// Every invariant has its tampering, but for the one that is about time alone.
    @Test func everyInvariantIsTamperedWith() {
        let tampered = Set((Self.money + Self.invoices + Self.work).map(\.invariant))
        #expect(Set(Invariant.allCases).subtracting(tampered) == [.holdEndsInTime])
    }

    @Test func aHoldThatIsOlderThanItsWindowIsSeen() async throws {
        try await StoreWorld.with(.memory) { world in
            try await world.livingHistory()
            let rows = try await world.rows("SELECT window_ends_at FROM batch WHERE finished_at IS NULL")
            let latest = try rows[0].integer(0) + 660_000
            for (now, count) in [(latest, 0), (latest + 1_000, 1)] {
                world.clock.advance(seconds: (now - world.clock.now.milliseconds) / 1_000)
                let found = try await world.database.read { try $0.violations(ofHoldsWithDeadline: 600) }
                #expect(found.count == count)
            }
        }
    }

    @Test func aChainIsCheckedOnFromAnyLink() async throws {
        try await StoreWorld.with(.memory) { world in
            try await world.livingHistory()
            try await world.loseEveryGuard()
            try await world.execute("UPDATE ledger_transaction SET created_at = 5 WHERE seq = 2")
            let organization = world.organization
            let (whole, rest) = try await world.database.read { reader in
                (
                    try reader.violations(ofLedgerOf: organization),
                    try reader.violations(ofLedgerOf: organization, after: 2)
                )
            }
            #expect(whole.map(\.invariant) == [.chainUnbroken])
            #expect(whole[0].subject == "\(organization) transaction 2")
            #expect(rest == [])
        }
    }
}

extension StoreWorld {
    /// One batch that has ended and one that runs, with every kind of task.
    fileprivate func livingHistory() async throws {
        try await grant()
        try await setBudget(.project("spring"), .day, limit: nil)
        let ended = try await create(5, requestID: "ended")
        let all = try await run(ended.tasks)
        try await succeed([all[0]])
        for task in all.dropFirst() { try await giveUp(task) }
        try await settle(ended.batch.id)
        try await database.write { transaction in
            try transaction.append([Event(type: "batch.partial", batch: ended.batch.id)], to: organization, ids: ids)
        }
        // The first batch counts for it too, less what it gave back.
        try await setBudget(.apiKey(Self.apiKey), .month, limit: nil)
        let living = try await create(6, requestID: "living")
        let running = try await run(Array(living.tasks[..<3]))
        try await succeed([running[0]])
        try await giveUp(running[1])
        try await settle(living.batch.id)
        try await creditHistory()
        try await invoiceHistory()
        try await disputeHistory()
        _ = try await sendPing()
    }

    private func giveUp(_ task: VideoTask) async throws {
        let fault = ProviderFault(.moderated, message: "no")
        let now = clock.now
        try await commit([try task.step(.failed(fault)) { try $0.fail(fault.failure, at: now) }])
    }

    /// What an owner of the file can do: no trigger, no CHECK, no unique job.
    func loseEveryGuard() async throws {
        for row in try await rows("SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'") {
            try await execute(try row.text(0))
        }
        try await execute("DROP INDEX attempt_job")
        try await execute("PRAGMA ignore_check_constraints = ON")
    }
}
