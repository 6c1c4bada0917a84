import RushesCore
import RushesDatabase
import RushesStore

extension Engine {
    /// Makes every open task due at once: for the start of the only process of an installation, when all leases are
    /// those of a process that is gone.
    ///
    /// Nothing is decided here: a task that was being submitted still goes to the Reconciler.
    /// - Returns: how many tasks were open.
    /// - Throws: `DatabaseError`.
    package func endLeasesOfFormerProcess() async throws -> Int {
        try await database.write { transaction in try transaction.makeOpenTasksDue() }
    }
}
