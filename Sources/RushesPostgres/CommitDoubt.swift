import Glibc
import RushesDatabase

/// Finds out whether a commit went through whose answer was lost.
///
/// The server knows the fate of a transaction by its number (`pg_xact_status`), as long as it has not restarted:
/// after a crash a number that never reached the log may be given out again. Then only the caller can tell, by its
/// own key.
struct CommitDoubt: Sendable {
    let settings: PostgresSettings
    private static let attempts = 100
    private static let pauseMicroseconds: useconds_t = 50_000

    /// Returns when the transaction is committed.
    ///
    /// - Throws: `DatabaseError`: `connectionLost` when it is known to have been rolled back, `commitOutcomeUnknown`.
    func resolve(_ number: String, serverStartedAt: String, _ error: DatabaseError) throws(DatabaseError) {
        for _ in 0..<Self.attempts {
            switch status(of: number, serverStartedAt) {
            case .committed: return
            case .rolledBack: throw DatabaseError(.connectionLost, error.message)
            case .unknown: throw DatabaseError(.commitOutcomeUnknown, error.message)
            case .undecided: usleep(Self.pauseMicroseconds)
            }
        }
        throw DatabaseError(.commitOutcomeUnknown, error.message)
    }

    private enum Status { case committed, rolledBack, undecided, unknown }

    private func status(of number: String, _ serverStartedAt: String) -> Status {
        do {
            let connection = try PostgresConnection(settings, writes: false)
            guard connection.serverStartedAt == serverStartedAt else { return .unknown }
            let sql = "SELECT pg_xact_status(CAST($1 AS xid8))"
            let word = try connection.execute(sql, [.text(number)]).rows(sql)[0].optionalText(0)
            switch word {
            case "committed": return .committed
            case "aborted": return .rolledBack
            case "in progress": return .undecided
            default: return .unknown
            }
        } catch {
            // No connection yet: the server may be on its way down or up.
            return .undecided
        }
    }
}
