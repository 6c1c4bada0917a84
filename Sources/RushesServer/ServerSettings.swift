import Configuration
import Foundation
package import RushesCore
import RushesProviders

/// Everything that an operator can set, read once at start: flag, then environment `RUSHES_*`, then default.
package struct ServerSettings: Sendable {
    /// The address of the API.
    package var host: String
    /// The port of the API; 0 takes any free one.
    package var port: Int
    /// The installation's folder: database, videos, sandbox, lock, operators' socket.
    package var dataDirectory: String
    /// What the embedded sandbox divides its latencies by.
    package var sandboxSpeed: Double
    /// The account `openai`, when it is configured.
    package var openAI: AccountSettings?
    /// The account `veo`, when it is configured.
    package var veo: AccountSettings?
    /// What fills an empty database; nil takes the built-in catalogue.
    package var catalogue: Catalogue?

    /// A server of the provider's dialect.
    package struct AccountSettings: Sendable {
        /// The address that ends in `/v1`.
        package let baseURL: String
        let apiKey: Secret
        /// True when the server is a Rushes sandbox, which is told attempts and deadlines.
        package let isSandbox: Bool
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

extension ServerSettings {
    /// Reads the settings; `flags` are those of the command line by their names in the environment without `RUSHES_`,
    /// in lower camel case: `listen`, `dataDir`, `sandboxSpeed`, `role`, `databaseUrl`, `config`.
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
        try refuseWhatIsNotHereYet(reader)
        let (host, port) = try address(reader.string(forKey: "listen", default: "127.0.0.1:8080"))
        return ServerSettings(
            host: host, port: port,
            dataDirectory: URL(fileURLWithPath: reader.string(forKey: "dataDir", default: "rushes-data")).path,
            sandboxSpeed: try speed(reader.string(forKey: "sandboxSpeed", default: "1")),
            openAI: try account("openai", reader), veo: try account("veo", reader), catalogue: try catalogue(reader))
    }

    private static func refuseWhatIsNotHereYet(_ reader: ConfigReader) throws(InvalidSetting) {
        if reader.string(forKey: "databaseUrl") != nil {
            throw InvalidSetting(
                name: "RUSHES_DATABASE_URL", reason: "this release keeps its data in SQLite inside the data directory")
        }
        let role = reader.string(forKey: "role", default: "all")
        if role != "all" {
            throw InvalidSetting(name: "RUSHES_ROLE", reason: "on SQLite the only role is all, not \(role)")
        }
    }

    private static func account(_ name: String, _ reader: ConfigReader) throws(InvalidSetting) -> AccountSettings? {
        let scope = reader.scoped(to: ConfigKey([name]))
        let baseURL = scope.string(forKey: "baseUrl")
        let key = scope.string(forKey: "apiKey", isSecret: true)
        let prefix = "RUSHES_" + name.uppercased()
        switch (baseURL, key) {
        case (nil, nil): return nil
        case (let baseURL?, let key?):
            guard let url = URL(string: baseURL), url.host != nil, ["http", "https"].contains(url.scheme) else {
                throw InvalidSetting(name: prefix + "_BASE_URL", reason: "an address like https://example.com/v1")
            }
            // No provider gives out the sandbox's own default key.
            let isSandbox = scope.bool(forKey: "sandbox") ?? (key == "sandbox")
            return AccountSettings(baseURL: baseURL, apiKey: Secret(key), isSandbox: isSandbox)
        case (nil, _): throw InvalidSetting(name: prefix + "_BASE_URL", reason: "is missing beside the key")
        case (_, nil): throw InvalidSetting(name: prefix + "_API_KEY", reason: "is missing beside the address")
        }
    }

    /// The catalogue of the file that is named, or of `rushes.yaml` in the working directory when there is one.
    private static func catalogue(_ reader: ConfigReader) throws -> Catalogue? {
        if let path = reader.string(forKey: "config") { return try CatalogueFile(path: path).catalogue() }
        guard FileManager.default.fileExists(atPath: "rushes.yaml") else { return nil }
        return try CatalogueFile(path: "rushes.yaml").catalogue()
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

    /// The effective settings, without secrets, one `name: value` line each.
    package var printed: [String] {
        func shown(_ account: AccountSettings?) -> String {
            account.map { $0.baseURL + ($0.isSandbox ? " (sandbox)" : "") } ?? "not configured"
        }
        return [
            "listen: \(host):\(port)", "data_dir: \(dataDirectory)", "database: sqlite", "role: all",
            "sandbox_speed: \(sandboxSpeed)", "openai: \(shown(openAI))", "veo: \(shown(veo))",
            "embedded_sandbox: \(needsEmbeddedSandbox)",
        ]
    }

    /// True when no provider account is configured: then the server makes its videos in a sandbox of its own.
    package var needsEmbeddedSandbox: Bool { openAI == nil && veo == nil }
}
