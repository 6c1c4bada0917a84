/// An event with everything that is told of it: what the feed shows and what a webhook carries.
///
/// It holds only what cannot change any more once the event has happened, so that it reads the same at any later time.
package struct EventSnapshot: Sendable, Equatable {
    /// The event.
    package let id: EventID
    /// Its place in the organization's feed; nil for pings and tests, which are in no feed.
    package let sequence: Int?
    /// What happened.
    package let type: String
    /// When.
    package let createdAt: Timestamp
    /// The batch that it concerns.
    package let batch: EventBatch?
    /// The task that it concerns.
    package let task: EventTask?
    /// What the event's own row says.
    package let data: [String: String]
    /// Tasks that have ended, for `tasks.settled`.
    package let results: [EventTask]

    /// A snapshot from its parts.
    package init(
        id: EventID, sequence: Int?, type: String, createdAt: Timestamp, batch: EventBatch?, task: EventTask?,
        data: [String: String], results: [EventTask]
    ) {
        self.id = id
        self.sequence = sequence
        self.type = type
        self.createdAt = createdAt
        self.batch = batch
        self.task = task
        self.data = data
        self.results = results
    }
}

/// What an event tells of its batch.
package struct EventBatch: Sendable, Equatable {
    /// The batch.
    package let id: BatchID
    /// The caller's idempotency key.
    package let requestID: String
    /// A name for people.
    package let name: String?
    /// The model.
    package let model: String
    /// All tasks.
    package let total: Int
    /// What was frozen.
    package let frozen: Credits
    /// How it ended; nil for events of before.
    package let ending: Ending?
    /// True when its tasks have been kept for their time and are gone.
    package let areTasksRemoved: Bool

    /// The end of a batch.
    package struct Ending: Sendable, Equatable {
        /// Tasks that succeeded.
        package let succeeded: Int
        /// Tasks that failed.
        package let failed: Int
        /// What was charged.
        package let charged: Credits
        /// What was given back.
        package let refunded: Credits
        /// The ledger's transactions, oldest first: the freeze, then the postings; of many the newest ones.
        package let transactions: [LedgerTransactionID]

        /// An end from its parts.
        package init(
            succeeded: Int, failed: Int, charged: Credits, refunded: Credits, transactions: [LedgerTransactionID]
        ) {
            self.succeeded = succeeded
            self.failed = failed
            self.charged = charged
            self.refunded = refunded
            self.transactions = transactions
        }
    }

    /// A batch from its parts.
    package init(
        id: BatchID, requestID: String, name: String?, model: String, total: Int, frozen: Credits, ending: Ending?,
        areTasksRemoved: Bool = false
    ) {
        self.id = id
        self.requestID = requestID
        self.name = name
        self.model = model
        self.total = total
        self.frozen = frozen
        self.ending = ending
        self.areTasksRemoved = areTasksRemoved
    }

    /// A batch from what is known of it; `transactions` only for an ending.
    package init(_ batch: Batch, transactions: [LedgerTransactionID]?) {
        id = batch.id
        requestID = batch.requestID
        name = batch.name
        model = batch.model
        total = batch.counts.total
        frozen = batch.frozen
        areTasksRemoved = batch.tasksRemovedAt != nil
        ending = transactions.map {
            Ending(
                succeeded: batch.counts.succeeded, failed: batch.counts.failed, charged: batch.charged,
                refunded: batch.refunded, transactions: $0)
        }
    }
}

/// What an event tells of a task that has ended.
package struct EventTask: Sendable, Equatable {
    /// The task.
    package let id: TaskID
    /// The caller's own name for it.
    package let customID: String
    /// The video; nil unless it succeeded.
    package let asset: AssetID?
    /// Why it failed; nil unless it did.
    package let failure: FailureType?

    /// A task from its parts.
    package init(id: TaskID, customID: String, asset: AssetID?, failure: FailureType?) {
        self.id = id
        self.customID = customID
        self.asset = asset
        self.failure = failure
    }
}
