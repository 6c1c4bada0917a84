/// What must hold at every moment, by the names that `rushes check` prints; `docs/ledger.md` says what each means.
package enum Invariant: String, Sendable, CaseIterable {
    /// Each ledger transaction sums to zero in each unit.
    case transactionBalanced = "ledger.transaction_balanced"
    /// Each wallet's ledger is numbered from 1 without a gap, and its row names the last number.
    case sequenceWithoutGap = "ledger.sequence_without_gap"
    /// Each hash is that of its transaction's canonical bytes and names the hash before it.
    case chainUnbroken = "ledger.chain_unbroken"
    /// The balances after each transaction follow from the balances before it and its lines.
    case runningBalance = "ledger.running_balance"
    /// Each kind touches its own accounts.
    case kindTouchesItsAccounts = "ledger.kind_touches_its_accounts"
    /// A wallet's sums are those of its lots.
    case walletIsItsLots = "wallet.is_its_lots"
    /// A lot's balances are the sums of its ledger accounts.
    case lotIsItsEntries = "lot.is_its_entries"
    /// A lot's face is available, held, captured or gone, and none of them is below zero.
    case lotIsConserved = "lot.is_conserved"
    /// What a lot holds and has captured is what its holds say.
    case lotIsItsHolds = "lot.is_its_holds"
    /// The cash that waits for a lot is what was paid less what its captured credits recognize.
    case lotRecognizesExactly = "lot.recognizes_exactly"
    /// A purchase and its lot agree, and each was posted once.
    case purchaseIsPosted = "purchase.is_posted"
    /// A purchase was granted exactly when its intent says so, and paid back exactly when it says that.
    case purchaseIsItsIntent = "purchase.is_its_intent"
    /// A purchase's payment back, its lot and its posting agree.
    case refundIsPosted = "refund.is_posted"
    /// A gift and its lot agree, and it was posted once.
    case grantIsPosted = "grant.is_posted"
    /// A correction was posted exactly when it was approved, and as it was proposed.
    case adjustmentIsPosted = "adjustment.is_posted"
    /// What lots lost by expiry, refund and correction is what the ledger says.
    case walletLostAsPosted = "wallet.lost_as_posted"
    /// A wallet counts its open and lost disputes, and froze nothing while there was one.
    case disputeSuspendsItsWallet = "dispute.suspends_its_wallet"
    /// What a dispute lost was posted once, and is what was kept of its purchase.
    case disputeIsPosted = "dispute.is_posted"
    /// A wallet is marked as low exactly when its free credits are below the mark of its alert.
    case walletAlertIsRight = "wallet.alert_is_right"
    /// A budget counts what its batches were frozen for, less what they gave back, and misses none of them.
    case budgetCountsItsBatches = "budget.counts_its_batches"
    /// A batch has the price of the version that it names, and was not frozen before that version was in force.
    case batchHasItsPrice = "batch.has_its_price"
    /// A series of invoices is numbered from 1 without a gap, and its row names the last number.
    case invoicesWithoutGap = "invoice.number_without_gap"
    /// The text of an invoice is the one that its hash was made from.
    case invoiceSaysWhatItSaid = "invoice.document_is_intact"
    /// A purchase has one invoice in force, and a payment back its credit note; a void invoice has its credit note.
    case invoiceIsItsPurchase = "invoice.is_its_purchase"
    /// A month's invoice asks for what the month captured of the credit line, once; months follow each other.
    case invoiceIsItsMonth = "invoice.is_its_month"
    /// What is receivable is what issued invoices ask for, and the tax owed is that of invoices less credit notes.
    case receivableIsInvoiced = "invoice.receivable_is_unpaid"
    /// What a credit line has granted and not got back is its limit.
    case creditLineIsItsLimit = "credit_line.is_its_limit"
    /// A hold's parts are its positions at its price, and price and size are its batch's.
    case holdIsItsParts = "hold.is_its_parts"
    /// A hold's cursors stand where its batch's postings have brought them.
    case holdIsSettledAsPosted = "hold.is_settled_as_posted"
    /// What the ledger charged, gave back and holds for a batch is its posted counts at its price.
    case batchIsItsPostings = "batch.is_its_postings"
    /// A batch's counts are the states of its tasks.
    case batchCountsItsTasks = "batch.counts_its_tasks"
    /// A batch whose tasks are removed has ended, and its removal is recorded; when it is over, all tasks are in sums.
    case removalIsRecorded = "batch.removal_is_recorded"
    /// The attempts that removals took from an organization are those in its sums.
    case attemptSumsAreRemoved = "attempt.sums_are_what_was_removed"
    /// A batch has ended exactly when its hold is closed, with no task open, as its counts say.
    case batchEndsWithItsHold = "batch.ends_with_its_hold"
    /// No more tasks of a batch are under way than it allows.
    case batchWithinItsConcurrency = "batch.within_its_concurrency"
    /// No hold is open longer than its batch's window, a deadline and a minute.
    case holdEndsInTime = "hold.ends_in_time"
    /// A task has one row for each attempt, within the limits, and counts those that may have made a video.
    case taskIsItsAttempts = "task.is_its_attempts"
    /// A task's state and job are those of its last attempt.
    case taskAgreesWithItsAttempt = "task.agrees_with_its_attempt"
    /// A task succeeded exactly when its video is stored, with length and hash.
    case successHasItsVideo = "task.success_has_its_video"
    /// A provider's job belongs to one attempt at most.
    case jobHasOneOwner = "attempt.job_has_one_owner"
    /// A lane counts the attempts that hold its slots.
    case laneCountsItsSlots = "lane.counts_its_slots"
    /// What organizations hold of a lane are their attempts with a slot, and together the lane's slots in use.
    case laneIsItsShares = "lane.is_its_shares"
    /// An organization's events are numbered from 1 without a gap.
    case eventsWithoutGap = "event.sequence_without_gap"
    /// A batch that has ended has one event that says how.
    case endingIsAnnouncedOnce = "event.ending_announced_once"
    /// The tasks of a batch that have ended are numbered in the order of their ends, without a gap.
    case endsAreNumbered = "event.ends_numbered"
    /// What is fanned out to endpoints has happened.
    case fanOutIsBehindTheFeed = "webhook.fan_out_behind_the_feed"
    /// An endpoint with deliveries that wait is due now, or will be when the first of them is or when its rest is over.
    case queueIsLookedAt = "webhook.queue_is_looked_at"
    /// A delivery has its body, and a line in the log for each attempt that is over, until their time is over.
    case deliveryIsItsAttempts = "webhook.delivery_is_its_attempts"
}

/// A place where an invariant does not hold: a defect of the program, or somebody changed the database.
package struct InvariantViolation: Error, Sendable, Equatable, CustomStringConvertible {
    /// What does not hold.
    package let invariant: Invariant
    /// Where, such as a batch's identifier.
    package let subject: String
    /// The figures that disagree.
    package let detail: String

    /// A violation from its parts.
    package init(_ invariant: Invariant, _ subject: String, _ detail: String) {
        self.invariant = invariant
        self.subject = subject
        self.detail = detail
    }

    package var description: String { "\(invariant.rawValue): \(subject): \(detail)" }
}
