import Configuration
import Foundation
import RushesCore
import RushesEngine

extension ServerSettings {
    /// Reads the settings; `flags` are those of the command line by their names in the environment without `RUSHES_`,
    /// in lower camel case: `listen`, `dataDir`, `blobDir`, `sandboxSpeed`, `role`, `databaseUrl`, `media`, `config`,
    /// `webhooksAllowPrivate`.
    ///
    /// - Throws: `InvalidSetting`, `CatalogueFileError`.
    package static func load(flags: [String: String]) throws -> ServerSettings {
        let given = Dictionary(
            uniqueKeysWithValues: flags.map { name, value in
                (AbsoluteConfigKey(["rushes", name], context: [:]), ConfigValue(.string(value), isSecret: false))
            })
        let reader = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: given), EnvironmentVariablesProvider(),
        ]).scoped(to: "rushes")
        let (host, port) = try address(reader.string(forKey: "listen", default: "127.0.0.1:8080"))
        let database = try database(reader)
        let accounts = try accounts(reader)
        let file = file(reader)
        return ServerSettings(
            host: host, port: port,
            dataDirectory: path(reader.string(forKey: "dataDir", default: "rushes-data")), database: database,
            role: try role(reader, on: database), blobDirectory: reader.string(forKey: "blobDir").map(path),
            shutdownDelaySeconds: try count("shutdownDelaySeconds", "SHUTDOWN_DELAY_SECONDS", 0...20, reader),
            sandboxSpeed: try speed(reader.string(forKey: "sandboxSpeed", default: "1")),
            usesMedia: try media(reader.string(forKey: "media", default: "on")),
            taskRetention: try count(
                "taskRetentionDays", "TASK_RETENTION_DAYS", TaskRetention.daysAllowed, reader
            ).map(TaskRetention.init(days:)), accounts: accounts,
            webhookSecrets: try readWebhookSecrets(of: AccountSettings.knownNames + accounts.map(\.name), reader),
            webhooks: try WebhookSettings.read(reader), catalogue: try file?.catalogueIfAny(),
            seller: try file?.legalEntity() ?? .unnamed)
    }

    private static let connectionsDefault = 4

    private static func database(_ reader: ConfigReader) throws(InvalidSetting) -> DatabaseChoice {
        let writers = try count("databaseWriters", "DATABASE_WRITERS", 1...100, reader)
        let readers = try count("databaseReaders", "DATABASE_READERS", 1...100, reader)
        guard let text = reader.string(forKey: "databaseUrl", isSecret: true), !text.isEmpty else {
            if writers != nil || readers != nil {
                throw InvalidSetting(
                    name: writers == nil ? "RUSHES_DATABASE_READERS" : "RUSHES_DATABASE_WRITERS",
                    reason: "is for PostgreSQL and needs RUSHES_DATABASE_URL")
            }
            return .sqlite
        }
        return .postgres(
            try DatabaseAddress(text), writers: writers ?? connectionsDefault, readers: readers ?? connectionsDefault)
    }

    private static func role(
        _ reader: ConfigReader, on database: DatabaseChoice
    ) throws(InvalidSetting) -> ServerRole {
        let text = reader.string(forKey: "role", default: ServerRole.all.rawValue)
        guard let role = ServerRole(rawValue: text) else {
            throw InvalidSetting(name: "RUSHES_ROLE", reason: "api, worker or all, not \(text)")
        }
        if database == .sqlite, role != .all {
            throw InvalidSetting(
                name: "RUSHES_ROLE",
                reason: "on SQLite the only role is all, not \(text); several nodes need RUSHES_DATABASE_URL")
        }
        return role
    }

    private static func path(_ text: String) -> String { URL(fileURLWithPath: text).path }

    private static func count(
        _ key: String, _ variable: String, _ allowed: ClosedRange<Int>, _ reader: ConfigReader
    ) throws(InvalidSetting) -> Int? {
        guard let text = reader.string(forKey: ConfigKey([key])) else { return nil }
        guard let value = Int(text), allowed.contains(value) else {
            throw InvalidSetting(
                name: "RUSHES_" + variable,
                reason: "a whole number from \(allowed.lowerBound) to \(allowed.upperBound), not \(text)")
        }
        return value
    }

    /// The accounts that need no listing, where something is said about them, and those of `RUSHES_ACCOUNTS`.
    private static func accounts(_ reader: ConfigReader) throws(InvalidSetting) -> [AccountSettings] {
        var accounts: [AccountSettings] = []
        for name in AccountSettings.knownNames {
            if let account = try AccountReader(name, reader).account() { accounts.append(account) }
        }
        for part in (reader.string(forKey: "accounts") ?? "").split(separator: ",") {
            let name = part.trimmingCharacters(in: .whitespaces)
            if AccountSettings.knownNames.contains(name) { continue }
            guard isAccountName(name) else {
                throw InvalidSetting(
                    name: "RUSHES_ACCOUNTS", reason: "names of lower-case letters, digits and hyphens, not \(name)")
            }
            guard let account = try AccountReader(name, reader).account() else {
                throw InvalidSetting(name: "RUSHES_ACCOUNTS", reason: "nothing is said about \(name)")
            }
            accounts.append(account)
        }
        return accounts
    }

    private static func isAccountName(_ name: String) -> Bool {
        let isRight = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isRight && (1...32).contains(name.utf8.count) && name != ProviderDirectory.sandboxName
    }

    /// The file that is named, or `rushes.yaml` in the working directory when there is one.
    private static func file(_ reader: ConfigReader) -> CatalogueFile? {
        if let path = reader.string(forKey: "config") { return CatalogueFile(path: path) }
        return FileManager.default.fileExists(atPath: "rushes.yaml") ? CatalogueFile(path: "rushes.yaml") : nil
    }

    private static func media(_ text: String) throws(InvalidSetting) -> Bool {
        switch text {
        case "on": return true
        case "off": return false
        default: throw InvalidSetting(name: "RUSHES_MEDIA", reason: "on or off, not \(text)")
        }
    }

    private static func speed(_ text: String) throws(InvalidSetting) -> Double {
        guard let speed = Double(text), speed >= 0.01, speed <= 10_000 else {
            throw InvalidSetting(name: "RUSHES_SANDBOX_SPEED", reason: "a number from 0.01 to 10000, not \(text)")
        }
        return speed
    }

    /// Host and port of a text such as `127.0.0.1:8080` or `[::1]:8080`.
    ///
    /// - Throws: `InvalidSetting`.
    package static func address(_ text: String) throws(InvalidSetting) -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon > text.startIndex
        else { throw InvalidSetting(name: "RUSHES_LISTEN", reason: "host and port like 127.0.0.1:8080, not \(text)") }
        return (text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port)
    }
}
