import Logging
import RushesCore
import RushesDatabase
import RushesStore
import ServiceLifecycle
import Synchronization

/// Whether the parts that a process needs can be used, looked at again and again, so that an answer about them never
/// waits for them and costs them nothing.
package final class Readiness: Service {
    /// A part that is looked at.
    package enum Part: String, Sendable, CaseIterable {
        /// The database: it answers, can be written, and has the schema.
        case database
        /// The blob store: a small blob can be written.
        case blobs
    }

    private struct Finding {
        let text: String
        let at: Timestamp
    }

    private struct State {
        var findings: [Part: Finding] = [:]
        var isLeaving = false
    }

    private let engine: Engine
    private let state = Mutex(State())
    private static let ok = "ok"

    /// The readiness of an engine's parts, which nobody has looked at yet.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// Each part with `ok` or what is wrong with it; a part that does not answer is wrong.
    package func report() -> [String: String] {
        let (state, now) = (state.withLock { $0 }, engine.environment.now())
        var report: [String: String] = [:]
        for part in Part.allCases {
            report[part.rawValue] =
                state.findings[part].map { finding in
                    let age = now.milliseconds(since: finding.at)
                    return age > part.staleMilliseconds ? "no answer for \(age / 1_000) s" : finding.text
                } ?? "not looked at yet"
        }
        if state.isLeaving { report["process"] = "stopping" }
        return report
    }

    /// True after `leave()`.
    package var isLeaving: Bool { state.withLock { $0.isLeaving } }

    /// From now on the process is not ready, whatever its parts say.
    package func leave() {
        state.withLock { $0.isLeaving = true }
    }

    /// Looks until graceful shutdown.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for part in Part.allCases { group.addTask { await self.watch(part) } }
        }
    }

    /// Looks at every part once.
    package func look() async {
        for part in Part.allCases { await look(at: part) }
    }

    private func watch(_ part: Part) async {
        await engine.environment.repeatUntilStopped(pauseMilliseconds: part.intervalMilliseconds) {
            await look(at: part)
        }
    }

    private func look(at part: Part) async {
        let text = await finding(of: part)
        let before = state.withLock { state in
            let before = state.findings[part]?.text ?? Self.ok
            state.findings[part] = Finding(text: text, at: engine.environment.now())
            return before
        }
        if text == before { return }
        if text == Self.ok {
            engine.logger.notice("ready again", metadata: ["part": "\(part.rawValue)"])
        } else {
            engine.logger.error("not ready", metadata: ["part": "\(part.rawValue)", "reason": "\(text)"])
        }
    }

    private func finding(of part: Part) async -> String {
        do {
            switch part {
            case .database: return try await databaseFinding()
            case .blobs:
                try await engine.blobs.checkWritable()
                return Self.ok
            }
        } catch let error as DatabaseError {
            return error.kind.finding
        } catch let error as BlobError {
            return error.kind == .full ? "no space left" : "cannot be written"
        } catch {
            return "unavailable"
        }
    }

    /// Asks in a write transaction that writes nothing: it costs no fsync, and a database that takes none refuses it.
    private func databaseFinding() async throws -> String {
        let (version, refusesWrites) = try await engine.database.write { transaction in
            (try transaction.appliedMigrations().keys.max() ?? 0, try transaction.refusesWrites())
        }
        if refusesWrites { return "read-only or a standby" }
        // A newer schema is a node that was upgraded before this one; steps only add what older programs can ignore.
        let known = Schema.migrations.count
        return version < known ? "schema version \(version), this program needs \(known)" : Self.ok
    }
}

extension Readiness.Part {
    fileprivate var intervalMilliseconds: Int64 {
        switch self {
        case .database: 1_000
        case .blobs: 5_000  // It costs an fsync.
        }
    }

    fileprivate var staleMilliseconds: Int64 { 3 * intervalMilliseconds }
}

extension DatabaseError.Kind {
    /// The kind in words for whoever probes: nothing of the server's own words, which may name users and hosts.
    fileprivate var finding: String {
        switch self {
        case .busy, .serialization: "busy"
        case .unavailable: "cannot be written: read-only, a standby, full or closed"
        case .connectionLost, .commitOutcomeUnknown: "cannot be reached"
        case .uniqueViolation, .constraintViolation, .decoding, .invalidStatement, .fatal: "does not answer as expected"
        }
    }
}
