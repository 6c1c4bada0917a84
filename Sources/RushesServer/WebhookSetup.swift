import Foundation
import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesPostgres
import RushesWebhooks
import RushesWire

/// What a process needs to send webhooks, opened at its start and closed at its end.
struct WebhookSetup: Sendable {
    /// The tools; nil without a key.
    let tools: WebhookTools?
    private let ownDatabase: PostgresDatabase?

    private static let ownWriters = 2
    private static let ownReaders = 2

    /// Opens them for an installation.
    ///
    /// - Throws: `InvalidSetting`, `StartFailure`, `NIOSSLError`.
    static func open(_ installation: Installation, logger: Logger) async throws -> WebhookSetup {
        let settings = installation.settings
        guard let seal = try seal(installation) else {
            logger.notice("webhooks are off: on PostgreSQL they need RUSHES_WEBHOOKS_KEY_FILE, the same for all nodes")
            return WebhookSetup(tools: nil, ownDatabase: nil)
        }
        let policy = settings.webhooks.urlPolicy
        if policy.allowsPrivate { logger.warning("webhooks go to private addresses too: for development only") }
        let sender = try WebhookHTTPSender(policy: policy, now: installation.engine.environment.now)
        let own = try await ownDatabase(settings, logger)
        return WebhookSetup(
            tools: WebhookTools(
                database: own ?? installation.engine.database, sender: sender, seal: seal, urlPolicy: policy,
                renderer: .contract),
            ownDatabase: own)
    }

    /// Closes the connections that only webhooks use.
    func close() async {
        await ownDatabase?.close()
    }

    /// Connections of their own, so that nothing that webhooks do takes one from a settlement. A file has one writer
    /// for all, whoever asks.
    private static func ownDatabase(_ settings: ServerSettings, _ logger: Logger) async throws -> PostgresDatabase? {
        switch settings.database {
        case .sqlite: return nil
        case .postgres(let address, _, _):
            var own = PostgresSettings(url: address.reveal(), applicationName: "rushes-webhooks")
            own.writers = ownWriters
            own.readers = ownReaders
            do {
                return try await PostgresDatabase.open(own, clock: nil) { [logger] event in logger.note(event) }
            } catch let error as DatabaseError {
                throw StartFailure(error, at: address.shown)
            }
        }
    }

    private static func seal(_ installation: Installation) throws -> SecretSeal? {
        let settings = installation.settings
        do {
            if let key = settings.webhooks.key { return try SecretSeal(lines: key) }
            guard settings.isAlone else { return nil }
            return try SecretSeal(
                lines: try DataDirectory(settings.dataDirectory).webhookKey(installation.engine.environment.random))
        } catch let error as SecretSealError {
            throw InvalidSetting(name: "RUSHES_WEBHOOKS_KEY", reason: "\(error)")
        }
    }
}

extension DataDirectory {
    /// The key of webhook secrets of an installation that nobody else works on; made at the first start. A file that is
    /// there and cannot be read is never written over: what it has sealed could not be opened any more.
    ///
    /// - Throws: `DataDirectoryError`.
    fileprivate func webhookKey(_ random: any RandomSource) throws(DataDirectoryError) -> String {
        let file = path + "/webhook.key"
        if FileManager.default.fileExists(atPath: file) {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw .unusable(file, "it cannot be read")
            }
            return text
        }
        let text = Data(random.bytes(32)).base64EncodedString() + "\n"
        let isMade = FileManager.default.createFile(
            atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isMade else { throw .unusable(file, "it cannot be made") }
        return text
    }
}

extension WebhookRenderer {
    /// Bodies as the contract has them.
    static let contract = WebhookRenderer(
        body: { try WebhookRendering.body(of: $0) }, sample: { try WebhookRendering.sample($0, id: $1, at: $2) })
}
