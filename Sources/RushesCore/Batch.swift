/// The tasks of one request, priced and frozen together.
package struct Batch: Sendable, Equatable {
    /// The batch.
    package let id: BatchID
    /// The owner.
    package let organization: OrganizationID
    /// The caller's idempotency key.
    package let requestID: String
    /// The catalogue's model id.
    package let model: String
    /// The lane in which its tasks wait; it changes when they are sent another way.
    package private(set) var lane: LaneID
    /// A name for people.
    package let name: String?
    /// The caller's own pairs.
    package let metadata: [String: String]
    /// Tasks running at the same time, at most.
    package let maxConcurrency: Int?
    /// The window that the caller asked for, in hours.
    package let windowHours: Int?
    /// The API key that it was created with; nil for batches of before keys were kept.
    package let apiKey: APIKeyID?
    /// The label of the project that it counts for.
    package let project: String?
    /// Price of one video, fixed at the freeze.
    package let unitPrice: Credits
    /// The price book that the price comes from.
    package let priceVersion: Int
    /// The model's promise at the freeze: seconds from dispatch to the video; nil for batches of before promises were
    /// kept.
    package let slaSeconds: Int?
    /// When it was frozen.
    package let createdAt: Timestamp
    /// When tasks that were not dispatched expire.
    package let windowEndsAt: Timestamp
    /// Where it is in its life.
    package internal(set) var status: Status
    /// How many tasks are where.
    package internal(set) var counts: BatchCounts
    /// Successes that are posted.
    package internal(set) var postedSucceeded: Int
    /// Failures that are posted.
    package internal(set) var postedFailed: Int
    /// Postings so far.
    package internal(set) var instalments: Int
    /// When the next posting is due; nil when nothing is unposted.
    package internal(set) var settleDueAt: Timestamp?
    /// When the first task was dispatched.
    package internal(set) var startedAt: Timestamp?
    /// When the last posting ended it.
    package internal(set) var finishedAt: Timestamp?
    /// When somebody asked to cancel it.
    package internal(set) var cancelRequestedAt: Timestamp?
    /// When its tasks had been kept for their time; from then on they are gone. Nil while they are there.
    package internal(set) var tasksRemovedAt: Timestamp?

    /// Where a batch is in its life.
    package enum Status: String, Sendable, CaseIterable {
        case queued
        case processing
        case completed
        case partial
        case failed

        /// True for the three endings.
        package var isTerminal: Bool {
            switch self {
            case .queued, .processing: false
            case .completed, .partial, .failed: true
            }
        }
    }

    /// What was frozen; never changes.
    package var frozen: Credits { unitPrice * counts.total }
    /// What is charged by postings so far.
    package var charged: Credits { unitPrice * postedSucceeded }
    /// What is refunded by postings so far.
    package var refunded: Credits { unitPrice * postedFailed }
    /// What is still held.
    package var held: Credits { frozen - charged - refunded }
}

/// How many tasks of a batch are where; `total = queued + running + succeeded + failed`.
package struct BatchCounts: Sendable, Equatable {
    /// All tasks.
    package let total: Int
    /// Waiting for dispatch.
    package internal(set) var queued: Int
    /// Submitting, running or storing.
    package internal(set) var running: Int
    /// Stored and checked.
    package internal(set) var succeeded: Int
    /// Ended without a video, cancelled and expired ones included.
    package internal(set) var failed: Int

    /// Counts as they stand in the database.
    package init(total: Int, queued: Int, running: Int, succeeded: Int, failed: Int) {
        precondition(queued >= 0 && running >= 0 && succeeded >= 0 && failed >= 0, "counts are not below zero")
        precondition(total == queued + running + succeeded + failed, "every task is counted once")
        self.total = total
        self.queued = queued
        self.running = running
        self.succeeded = succeeded
        self.failed = failed
    }

    /// Tasks that have not ended.
    package var open: Int { queued + running }
}

extension Batch {
    /// A batch as it stands in the database.
    package init(
        id: BatchID, organization: OrganizationID, requestID: String, model: String, lane: LaneID, name: String?,
        metadata: [String: String], maxConcurrency: Int?, windowHours: Int?, apiKey: APIKeyID? = nil,
        project: String? = nil, unitPrice: Credits, priceVersion: Int, slaSeconds: Int?, createdAt: Timestamp,
        windowEndsAt: Timestamp, stored: Progress
    ) {
        self.id = id
        self.organization = organization
        self.requestID = requestID
        self.model = model
        self.lane = lane
        self.name = name
        self.metadata = metadata
        self.maxConcurrency = maxConcurrency
        self.windowHours = windowHours
        self.apiKey = apiKey
        self.project = project
        self.unitPrice = unitPrice
        self.priceVersion = priceVersion
        self.slaSeconds = slaSeconds
        self.createdAt = createdAt
        self.windowEndsAt = windowEndsAt
        status = stored.status
        counts = stored.counts
        postedSucceeded = stored.postedSucceeded
        postedFailed = stored.postedFailed
        instalments = stored.instalments
        settleDueAt = stored.settleDueAt
        startedAt = stored.startedAt
        finishedAt = stored.finishedAt
        cancelRequestedAt = stored.cancelRequestedAt
        tasksRemovedAt = stored.tasksRemovedAt
    }

    /// The columns of a batch that change.
    package struct Progress: Sendable, Equatable {
        /// Where it is in its life.
        package var status: Status
        /// How many tasks are where.
        package var counts: BatchCounts
        /// Successes that are posted.
        package var postedSucceeded: Int
        /// Failures that are posted.
        package var postedFailed: Int
        /// Postings so far.
        package var instalments: Int
        /// When the next posting is due.
        package var settleDueAt: Timestamp?
        /// When the first task was dispatched.
        package var startedAt: Timestamp?
        /// When the last posting ended it.
        package var finishedAt: Timestamp?
        /// When somebody asked to cancel it.
        package var cancelRequestedAt: Timestamp?
        /// When its tasks went.
        package var tasksRemovedAt: Timestamp?

        /// Progress from its columns.
        package init(
            status: Status, counts: BatchCounts, postedSucceeded: Int, postedFailed: Int, instalments: Int,
            settleDueAt: Timestamp?, startedAt: Timestamp?, finishedAt: Timestamp?, cancelRequestedAt: Timestamp?,
            tasksRemovedAt: Timestamp? = nil
        ) {
            self.status = status
            self.counts = counts
            self.postedSucceeded = postedSucceeded
            self.postedFailed = postedFailed
            self.instalments = instalments
            self.settleDueAt = settleDueAt
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.cancelRequestedAt = cancelRequestedAt
            self.tasksRemovedAt = tasksRemovedAt
        }

        /// The progress of a batch that was just frozen.
        package static func fresh(count: Int) -> Progress {
            Progress(
                status: .queued, counts: BatchCounts(total: count, queued: count, running: 0, succeeded: 0, failed: 0),
                postedSucceeded: 0, postedFailed: 0, instalments: 0, settleDueAt: nil, startedAt: nil, finishedAt: nil,
                cancelRequestedAt: nil)
        }
    }

    /// The same batch, its tasks waiting in another lane.
    package func waiting(in lane: LaneID) -> Batch {
        var batch = self
        batch.lane = lane
        return batch
    }

    /// The batch as the first answer to its request showed it; what an idempotent repeat answers.
    package var asCreated: Batch {
        Batch(
            id: id, organization: organization, requestID: requestID, model: model, lane: lane, name: name,
            metadata: metadata, maxConcurrency: maxConcurrency, windowHours: windowHours, apiKey: apiKey,
            project: project, unitPrice: unitPrice, priceVersion: priceVersion, slaSeconds: slaSeconds,
            createdAt: createdAt, windowEndsAt: windowEndsAt,
            stored: .fresh(count: counts.total))
    }
}
