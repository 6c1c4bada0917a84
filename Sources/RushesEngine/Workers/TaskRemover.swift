package import RushesCore
import RushesDatabase
import RushesStore

/// Removes the tasks of batches that ended longer ago than they are kept, with their attempts, videos and events; what
/// was charged and given back stays, and so do the sums that reports are made of (ADR 0029).
package struct TaskRemover: Worker {
    package let name = "task_remover"
    private let engine: Engine
    private let retention: TaskRetention

    /// The worker of an engine that keeps tasks for so long.
    package init(_ engine: Engine, keeping retention: TaskRetention) {
        self.engine = engine
        self.retention = retention
    }

    package func step() async throws -> Int {
        try await engine.database.read { try $0.isTaskRemovalDue() } ? goOn() : begin()
    }

    private func begin() async throws -> Int {
        let retention = retention
        let next = try await engine.database.read { reader in
            try reader.batchToRemoveTasksOf(endedBy: retention.end(at: reader.now))
        }
        guard let next else { return 0 }
        return try await engine.database.writeByKey { transaction in
            try transaction.beginTaskRemoval(of: next, after: retention) ? 1 : 0
        }
    }

    /// The videos go before the rows that name them: after a crash between the two, they are deleted once more.
    private func goOn() async throws -> Int {
        guard let page = try await engine.database.write({ try $0.claimTaskRemoval() }) else { return 0 }
        let keys = Set(page.blobKeys.map(BlobKey.init)).union(page.tasks.flatMap(\.blobKeys))
        for key in keys.sorted(by: { $0.rawValue < $1.rawValue }) { try await engine.blobs.delete(key) }
        return try await engine.database.writeByKey { transaction in try transaction.remove(page) }
    }
}

extension VideoTask {
    /// Where videos of its attempts may be kept, also those that came too late to be its own.
    fileprivate var blobKeys: [BlobKey] { (0..<attempt).map { blobKey(ofAttempt: $0 + 1) } }
}
