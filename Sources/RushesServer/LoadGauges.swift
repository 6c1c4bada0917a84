import Logging
import Metrics
import RushesCore
import RushesDatabase
import RushesEngine
import RushesPostgres
import RushesStore
import ServiceLifecycle

/// Brings the gauges of `/metrics` up to date every few seconds, however often somebody reads them.
///
/// Every node shows the same figures for what is in the database; connections and waiting transactions are its own.
struct LoadGauges: Service {
    let engine: Engine
    let opened: OpenedDatabase

    private static let pauseMilliseconds: Int64 = 5_000

    func run() async throws {
        await engine.environment.repeatUntilStopped(pauseMilliseconds: Self.pauseMilliseconds) { await refresh() }
    }

    private func refresh() async {
        showConnections()
        do {
            show(try await engine.database.read { reader in try reader.load() })
        } catch {
            // The last figures stay; `/readyz` and the workers tell what is wrong with the database.
            engine.logger.debug("gauges were not refreshed", metadata: ["error": "\(error)"])
        }
    }

    private func show(_ load: Load) {
        for lane in load.lanes { show(lane) }
        for account in load.accounts { show(account) }
        for (worker, milliseconds) in load.oldestDueMilliseconds {
            Meter(label: "rushes_oldest_due_age_ms", dimensions: [("worker", worker)]).set(milliseconds)
        }
        Meter(label: "rushes_held_micros").set(load.heldMicros)
    }

    private func show(_ load: Load.LaneLoad) {
        let (lane, name) = (load.lane, [("lane", load.lane.id.rawValue)])
        Meter(label: "rushes_lane_in_flight", dimensions: name).set(lane.inFlight)
        Meter(label: "rushes_lane_limit", dimensions: name).set(lane.maxInFlight)
        Meter(label: "rushes_lane_limit_now", dimensions: name)
            .set(Lane.part(load.allowedPermille, of: lane.maxInFlight))
        Meter(label: "rushes_lane_creates_per_minute_now", dimensions: name)
            .set(Lane.part(load.allowedPermille, of: lane.createsPerMinute))
        Meter(label: "rushes_lane_paused_until_timestamp_seconds", dimensions: name).set(lane.closedUntil?.seconds ?? 0)
        Meter(label: "rushes_lane_open", dimensions: name).set(load.isOpen ? 1 : 0)
    }

    private func show(_ account: ProviderAccount) {
        let name = [("account", account.name)]
        for state in Breaker.State.allCases {
            Meter(label: "rushes_breaker_state", dimensions: name + [("state", state.rawValue)])
                .set(account.breaker.state == state ? 1 : 0)
        }
        Meter(label: "rushes_breaker_openings", dimensions: name).set(account.breaker.openings)
    }

    /// Only PostgreSQL has pools; on SQLite there is one writer.
    private func showConnections() {
        guard case .postgres(let database, _) = opened else { return }
        let statistics = database.statistics
        for (name, pool) in [("writers", statistics.writers), ("readers", statistics.readers)] {
            Meter(label: "rushes_database_waiting", dimensions: [("pool", name)]).set(pool.waiting)
            for (state, count) in [("idle", pool.idle), ("busy", pool.busy)] {
                Meter(label: "rushes_database_connections", dimensions: [("pool", name), ("state", state)]).set(count)
            }
        }
        Meter(label: "rushes_database_commits").set(statistics.commits)
    }
}
