package import RushesCore
package import RushesDatabase
import RushesSQLite

/// Runs worlds.
package enum Simulation {
    /// Makes an empty database whose transactions have a clock's time.
    package typealias DatabaseMaker = (@escaping @Sendable () -> Timestamp) async throws -> any Database

    /// Plays one world to its end, on SQLite in memory when nothing else is said.
    ///
    /// - Throws: `SimulationFailure`, or the error of a defect in the simulation itself.
    package static func run(
        seed: UInt64, steps: Int, bug: PlantedBug? = nil, showsTrace: Bool = false,
        on make: DatabaseMaker = { try SQLiteDatabase.memory(clock: $0) }
    ) async throws -> SimulationReport {
        let world = try await World(seed: seed, bug: bug, showsTrace: showsTrace, on: make)
        let performers = world.performers
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for performer in performers { group.addTask { await performer.perform() } }
            do {
                let report = try await world.play(steps)
                await world.close()
                return report
            } catch {
                await world.close()
                throw error
            }
        }
    }
}
