/// Runs worlds.
package enum Simulation {
    /// Plays one world to its end.
    ///
    /// - Throws: `SimulationFailure`, or the error of a defect in the simulation itself.
    package static func run(
        seed: UInt64, steps: Int, bug: PlantedBug? = nil, showsTrace: Bool = false
    ) async throws -> SimulationReport {
        let world = try await World(seed: seed, bug: bug, showsTrace: showsTrace)
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
