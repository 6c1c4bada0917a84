package import RushesCore
import RushesEngine

/// Everything that an operator can set, read once at start: flag, then environment `RUSHES_*`, then default.
package struct ServerSettings: Sendable {
    /// The address of the API, or of a worker's health routes.
    package var host: String
    /// The port; 0 takes any free one.
    package var port: Int
    /// The node's folder: lock, operators' socket, sandbox, and on SQLite the database.
    package var dataDirectory: String
    /// Where the data is.
    package var database: DatabaseChoice
    /// What this process does.
    package var role: ServerRole
    /// The folder of the videos; nil takes `blobs` in the node's folder. Nodes on one PostgreSQL share one folder.
    package var blobDirectory: String?
    /// How long the port stays open after the node has said that it is not ready any more; nil takes the default.
    package var shutdownDelaySeconds: Int?
    /// What the embedded sandbox divides its latencies by.
    package var sandboxSpeed: Double
    /// Whether ffprobe and ffmpeg are used where they are installed, and images are kept beside videos.
    package var usesMedia = true
    /// How long tasks of ended batches are kept; nil for ever.
    package var taskRetention: TaskRetention?
    /// The provider accounts.
    package var accounts: [AccountSettings]
    /// The secrets of the accounts whose webhooks are taken, by their names.
    var webhookSecrets: [String: WebhookSecret] = [:]
    /// Webhooks of customers.
    package var webhooks = WebhookSettings()
    /// What fills an empty database; nil takes the built-in catalogue.
    package var catalogue: Catalogue?
    /// Who sells, as invoices say it.
    package var seller = LegalEntity.unnamed

    /// The two databases.
    package enum DatabaseChoice: Sendable, Equatable {
        /// A file in the data directory.
        case sqlite
        /// A PostgreSQL server, with at most so many connections for writing and for reading.
        case postgres(DatabaseAddress, writers: Int, readers: Int)
    }
}

extension ServerSettings {
    /// True when no provider account is configured: then a process that does everything makes its videos in a sandbox
    /// of its own. Single workers do not: their sandboxes would not know each other's jobs.
    package var needsEmbeddedSandbox: Bool { role == .all && accounts.isEmpty }

    /// True when the data is in the data directory, so that only one process may work on it.
    package var isAlone: Bool { database == .sqlite }

    /// The folder of the videos.
    package var blobPath: String { blobDirectory ?? DataDirectory(dataDirectory).blobsPath }

    /// Seconds between "not ready" and the end of intake: what a load balancer in front needs to notice. On SQLite
    /// there is no second node to go to, and a worker takes nothing in.
    var shutdownDelay: Int {
        if let shutdownDelaySeconds { return shutdownDelaySeconds }
        return isAlone || !role.answersCustomers ? 0 : 3
    }

    /// The effective settings, without secrets, one `name: value` line each.
    package var printed: [String] {
        let names = AccountSettings.knownNames
        let known = names.map { name in
            "\(name): " + (accounts.first { $0.name == name }?.shown ?? "not configured")
        }
        let others = accounts.filter { !names.contains($0.name) }.map { "\($0.name): \($0.shown)" }
        return ["listen: \(host):\(port)", "data_dir: \(dataDirectory)", "blob_dir: \(blobPath)"] + printedDatabase + [
            "role: \(role.rawValue)", "shutdown_delay_seconds: \(shutdownDelay)", "sandbox_speed: \(sandboxSpeed)",
            "media: \(usesMedia ? "on" : "off")",
            "task_retention_days: \(taskRetention.map { String($0.days) } ?? "never removed")",
        ] + known + others + [
            "provider_webhooks: \(webhookSecrets.keys.sorted().joined(separator: ", "))",
            "embedded_sandbox: \(needsEmbeddedSandbox)", "legal_entity: \(seller.name), series \(seller.series)",
        ] + webhooks.printed
    }

    private var printedDatabase: [String] {
        switch database {
        case .sqlite: ["database: sqlite"]
        case .postgres(let address, let writers, let readers):
            ["database: postgres \(address.shown)", "database_writers: \(writers)", "database_readers: \(readers)"]
        }
    }
}

/// A setting that cannot be used.
package struct InvalidSetting: Error, Equatable, CustomStringConvertible {
    /// The setting's name in the environment.
    package let name: String
    /// What is wrong with it.
    package let reason: String

    package var description: String { "\(name): \(reason)" }
}
