/// What a process of an installation does; any number of each work on one PostgreSQL, and there is no leader.
package enum ServerRole: String, Sendable, CaseIterable {
    /// The HTTP API, without workers.
    case api
    /// The workers, with health and metrics as their only routes.
    case worker
    /// Both; the only role on SQLite.
    case all

    /// True when customers are answered here.
    var answersCustomers: Bool {
        switch self {
        case .api, .all: true
        case .worker: false
        }
    }

    /// True when the workers run here.
    var works: Bool {
        switch self {
        case .worker, .all: true
        case .api: false
        }
    }
}
