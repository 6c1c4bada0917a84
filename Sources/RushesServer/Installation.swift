import Foundation
package import Logging
import RushesBlobs
import RushesCore
import RushesDatabase
package import RushesEngine
import RushesProviders
import RushesStore
import RushesWire

/// One opened installation: the database at the newest schema, the videos, the engine over them.
package struct Installation: Sendable {
    /// The engine.
    package let engine: Engine
    /// Where its operators' socket is, while somebody answers on it.
    let socketPath: String
    let settings: ServerSettings
    let opened: OpenedDatabase
    let accounts: ProviderAccounts
    private let lock: DataDirectoryLock?

    /// What operators do.
    package var operators: OperatorService { OperatorService(engine) }

    /// How long a server that starts waits for a PostgreSQL that cannot be reached.
    package static let patienceSeconds = 60

    /// Takes the lock of the data directory, opens the database, brings it to the newest schema and fills an empty one
    /// with the catalogue.
    ///
    /// - Parameter patienceSeconds: how long a PostgreSQL that cannot be reached is waited for.
    /// - Throws: `DataDirectoryError`, `StartFailure`, `DatabaseError`, `BlobError`, `Refusal.invalidCatalogue`.
    package static func open(
        _ settings: ServerSettings, logger: Logger, patienceSeconds: Int = patienceSeconds
    ) async throws -> Installation {
        let directory = DataDirectory(settings.dataDirectory)
        let lock = try directory.lock()
        return try await open(
            settings, socketPath: directory.socketPath, lock: lock, logger: logger, patienceSeconds: patienceSeconds
        ) { environment in
            try await DiskBlobStore.open(
                settings.blobPath, owner: environment.nodeName, now: environment.now())
        }
    }

    /// Opens the database of an installation on PostgreSQL beside its running nodes, for an operator: no lock is taken
    /// and no folder is made.
    ///
    /// - Throws: `StartFailure`, `DatabaseError`, `Refusal.invalidCatalogue`.
    static func visit(_ settings: ServerSettings, socketPath: String, logger: Logger) async throws -> Installation {
        precondition(!settings.isAlone, "a file is opened by one process only")
        var settings = settings
        settings.role = .api  // A command runs no workers, and no sandbox that could not outlive it.
        return try await open(settings, socketPath: socketPath, lock: nil, logger: logger, patienceSeconds: 0) {
            environment in
            DiskBlobStore(visiting: settings.blobPath, owner: environment.nodeName)
        }
    }

    private static func open(
        _ settings: ServerSettings, socketPath: String, lock: DataDirectoryLock?, logger: Logger, patienceSeconds: Int,
        blobs: (RushesEngine.Environment) async throws -> DiskBlobStore
    ) async throws -> Installation {
        let environment = RushesEngine.Environment.process
        let opened = try await OpenedDatabase.open(
            settings, environment: environment, logger: logger, patienceSeconds: patienceSeconds)
        return try await opened.closedOnError {
            let accounts = ProviderAccounts(settings, environment: environment)
            let engine = Engine(
                database: opened.port, blobs: try await blobs(environment), providers: accounts.directory,
                environment: environment, media: MediaPrograms.tools(settings, environment), logger: logger,
                seller: settings.seller)
            let installation = Installation(
                engine: engine, socketPath: socketPath, settings: settings, opened: opened, accounts: accounts,
                lock: lock)
            try await installation.fillCatalogue()
            return installation
        }
    }

    /// Tells which models wait for a provider account, for a process that runs workers.
    func warnOfMissingAccounts() async throws {
        for model in try await operators.priceBook()?.catalogue.models ?? [] {
            for route in model.routes where engine.providers.provider(for: route.lane) == nil {
                engine.logger.warning(
                    route == model.route
                        ? "model waits: its provider account is not configured"
                        : "model has one route less: its provider account is not configured",
                    metadata: ["model": "\(model.id)", "account": "\(route.provider)"])
            }
        }
    }

    /// Several nodes may find an empty database at the same time; the version's key lets one of them fill it.
    private func fillCatalogue() async throws {
        guard try await operators.priceBook() == nil else { return }
        let names = accounts.directory.names
        let isSandboxed =
            !names.isEmpty
            && names.allSatisfy { accounts.directory.shownName(of: $0) == ProviderDirectory.sandboxName }
        do {
            _ = try await operators.apply(settings.catalogue ?? .builtIn(sandboxed: isSandboxed))
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            guard try await operators.priceBook() != nil else { throw error }
        }
    }

    /// Closes the database and the connections to providers.
    ///
    /// - Throws: `DatabaseError`, `HTTPClientError`.
    package func close() async throws {
        try await accounts.connections.shutdown()
        try await opened.close()
    }
}

extension RushesEngine.Environment {
    /// A name that no other process has, for files that several nodes keep in one folder.
    fileprivate var nodeName: String { String(random.next(), radix: 36) }
}
