package import RushesCore
import RushesDatabase
import RushesStore
import Synchronization

/// How the promises of a month are kept.
package struct ServiceStatus: Sendable, Equatable {
    /// A model with what was promised of it lately, and what came of it.
    package struct Model: Sendable, Equatable {
        /// The promise of the catalogue in force, in seconds; nil for a model that it no longer has.
        package let targetSeconds: Int?
        /// What came of it.
        package let level: ServiceLevel
    }

    /// How the API answered; names the month.
    package let availability: Availability
    /// The models of the catalogue and those that ended tasks in the month, in the order of their names.
    package let models: [Model]
}

/// What the installation tells about itself: to everybody, to its operators, and, as heartbeats, to its nodes.
package struct StatusService: Sendable {
    private let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// How the promises of a month are kept; nil stands for the month that it is.
    ///
    /// - Throws: `DatabaseError`.
    package func status(in month: CalendarMonth?) async throws -> ServiceStatus {
        let catalogues = engine.catalogues
        return try await engine.database.read { reader in
            let month = month ?? CalendarMonth(containing: reader.now)
            let catalogue = try catalogues.current(reader).catalogue
            let levels = try reader.serviceLevels(in: month)
            let unused = catalogue.models.filter { model in !levels.contains { $0.model == model.id } }
            let all = levels + unused.map { ServiceLevel(model: $0.id, month: month) }
            return ServiceStatus(
                availability: try reader.availability(in: month),
                models: all.sorted { $0.model < $1.model }.map { level in
                    ServiceStatus.Model(targetSeconds: catalogue.model(level.model)?.slaSeconds, level: level)
                })
        }
    }

    /// The same for this month, at most ten seconds old: for a page that everybody may ask for as often as they like.
    ///
    /// - Throws: `DatabaseError`.
    package func recentStatus() async throws -> ServiceStatus {
        let now = engine.environment.elapsedMilliseconds()
        if let status = engine.rememberedStatus.status(at: now) { return status }
        let status = try await status(in: nil)
        engine.rememberedStatus.remember(status, at: now)
        return status
    }

    /// Writes this node's heartbeat with the requests that it has answered since its last one.
    ///
    /// - Throws: `DatabaseError`; then the requests are counted by the next one.
    package func beat() async throws {
        let taken = engine.requests.take()
        do {
            try await engine.database.write { transaction in
                try transaction.beat(requests: taken.requests, failures: taken.failures)
            }
        } catch {
            engine.requests.putBack(taken)
            throw error
        }
    }
}

/// The status that was read last.
final class RememberedStatus: Sendable {
    private let last = Mutex<(status: ServiceStatus, at: Int64)?>(nil)
    private static let freshMilliseconds: Int64 = 10_000

    /// The status, unless it is too old.
    func status(at now: Int64) -> ServiceStatus? {
        last.withLock { last in
            guard let last, now - last.at < Self.freshMilliseconds else { return nil }
            return last.status
        }
    }

    func remember(_ status: ServiceStatus, at now: Int64) {
        last.withLock { $0 = (status, now) }
    }
}
