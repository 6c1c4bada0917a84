package import RushesCore
import RushesDatabase
import RushesStore

/// A page of a list, with what follows.
package struct Page<Item: Sendable>: Sendable {
    /// The items.
    package let items: [Item]
    /// True when more follow.
    package let hasMore: Bool

    /// A page from one item more than its limit.
    init(_ items: [Item], limit: Int) {
        self.items = Array(items.prefix(limit))
        hasMore = items.count > limit
    }

    /// A page of items that were made of another page's.
    init(_ items: [Item], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }
}

/// A task with the history of its attempts.
package struct TaskDetail: Sendable, Equatable {
    /// The task.
    package let task: VideoTask
    /// The price of its batch.
    package let unitPrice: Credits
    /// Its attempts, first to last.
    package let attempts: [Attempt]
}

/// A task with its stored video, as a line of results.
package struct TaskResult: Sendable, Equatable {
    /// The task.
    package let task: VideoTask
    /// Its video.
    package let asset: Asset?
}

extension VideoTask {
    /// What the task was charged: nil while it is open, then the price or nothing.
    package func charged(at unitPrice: Credits) -> Credits? {
        switch state {
        case .queued, .submitting, .running, .storing: nil
        case .succeeded: unitPrice
        case .failed: .zero
        }
    }
}

extension BatchService {
    /// A batch.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func batch(_ id: BatchID, of organization: OrganizationID) async throws -> Batch {
        guard let batch = try await engine.database.read(.batch(id, of: organization)) else { throw Refusal.notFound }
        return batch
    }

    /// The batch of an idempotency key, if it exists.
    ///
    /// - Throws: `DatabaseError`.
    package func batch(requestID: String, of organization: OrganizationID) async throws -> Batch? {
        try await engine.database.read { reader in try reader.batch(requestID: requestID, of: organization)?.batch }
    }

    /// Batches, newest first, before one of them.
    ///
    /// - Throws: `DatabaseError`.
    package func batches(of organization: OrganizationID, before id: BatchID?, limit: Int) async throws -> Page<Batch> {
        try await engine.database.read { reader in
            Page(try reader.batches(of: organization, before: id, limit: limit + 1), limit: limit)
        }
    }

    /// A batch's tasks in order, after a place (-1 for the first); `states` empty means all.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.tasksExpunged`, `DatabaseError`.
    package func tasks(
        of id: BatchID, organization: OrganizationID, after place: Int, states: [VideoTask.State], limit: Int
    ) async throws -> (batch: Batch, page: Page<VideoTask>) {
        try await engine.database.read { reader in
            let batch = try reader.batchWithTasks(id, of: organization)
            let tasks = try reader.tasks(of: id, after: place, states: states, limit: limit + 1)
            return (batch, Page(tasks, limit: limit))
        }
    }

    /// A task with its attempts.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func task(_ id: TaskID, of organization: OrganizationID) async throws -> TaskDetail {
        try await engine.database.read { reader in
            guard let task = try reader.task(id, of: organization),
                let batch = try reader.batch(task.batch, of: organization), batch.tasksRemovedAt == nil
            else { throw Refusal.notFound }
            return TaskDetail(task: task, unitPrice: batch.unitPrice, attempts: try reader.attempts(of: id))
        }
    }

    /// A batch's tasks with their videos, in order, after a place: one page of its results.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.tasksExpunged`, `DatabaseError`.
    package func results(
        of id: BatchID, organization: OrganizationID, after place: Int, limit: Int
    ) async throws -> (batch: Batch, page: Page<TaskResult>) {
        try await engine.database.read { reader in
            let batch = try reader.batchWithTasks(id, of: organization)
            let tasks = try reader.tasks(of: id, after: place, states: [], limit: limit + 1)
            let assets = try reader.assets(tasks.compactMap(\.asset))
            return (
                batch, Page(tasks.map { TaskResult(task: $0, asset: $0.asset.flatMap { assets[$0] }) }, limit: limit)
            )
        }
    }

    /// The name under which a provider account is shown: `sandbox` where no real provider makes the videos.
    package func shownName(of account: String) -> String {
        engine.providers.shownName(of: account)
    }

    /// The models of the catalogue in force, in its order, with whether a new batch of each would be taken.
    ///
    /// - Throws: `DatabaseError`.
    package func models() async throws -> [(model: VideoModel, isAvailable: Bool)] {
        let engine = engine
        return try await engine.database.read { reader in
            try engine.catalogues.current(reader).catalogue.models.map { model in
                (model, try engine.startingRoute(of: model, reader) != nil)
            }
        }
    }

    /// The models of the catalogue in force.
    ///
    /// - Throws: `DatabaseError`.
    package func priceBook() async throws -> PriceBook {
        let catalogues = engine.catalogues
        return try await engine.database.read { reader in try catalogues.current(reader) }
    }
}

extension SQLReading {
    /// A batch whose tasks are there.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.tasksExpunged`, `DatabaseError`.
    fileprivate func batchWithTasks(_ id: BatchID, of organization: OrganizationID) throws -> Batch {
        guard let batch = try batch(id, of: organization) else { throw Refusal.notFound }
        if batch.tasksRemovedAt != nil { throw Refusal.tasksExpunged }
        return batch
    }
}
