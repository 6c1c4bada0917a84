import Configuration
import Foundation
import RushesCore
import RushesProviders

/// One provider account: the name that routes of the catalogue use, and how to speak to its server. Its secrets come
/// from the environment or from files that the environment names, and are never shown.
package struct AccountSettings: Sendable {
    /// The name that routes use.
    package let name: String
    let connection: Connection

    /// How to speak to the server, by dialect.
    enum Connection: Sendable {
        case openAI(OpenAIVideosProvider.Configuration)
        case gemini(GeminiServer)
        case vertex(VertexVeoProvider.Configuration)
        case interactions(GeminiServer)
    }

    /// The names that need not be listed in `RUSHES_ACCOUNTS`.
    package static let knownNames = ["openai", "veo"]

    /// True when the server is a Rushes sandbox, which is told attempts and deadlines.
    package var isSandbox: Bool {
        switch connection {
        case .openAI(let configuration): configuration.isSandbox
        case .gemini(let server), .interactions(let server): server.isSandbox
        case .vertex(let configuration): configuration.isSandbox
        }
    }

    /// Dialect and address, without secrets.
    var shown: String {
        let words =
            switch connection {
            case .openAI(let configuration): configuration.baseURL
            case .gemini(let server): "gemini \(server.baseURL)"
            case .interactions(let server): "interactions \(server.baseURL)"
            case .vertex(let configuration):
                "vertex \(configuration.baseURL) project \(configuration.project) in \(configuration.location)"
                    + (configuration.storage.map { " to \($0)" } ?? "")
            }
        return words + (isSandbox ? " (sandbox)" : "")
    }
}

/// Reads the settings `RUSHES_<NAME>_...` of one account.
struct AccountReader {
    private let name: String
    private let scope: ConfigReader
    private let variable: String

    init(_ name: String, _ reader: ConfigReader) {
        self.name = name
        scope = reader.scoped(to: ConfigKey([name]))
        variable = "RUSHES_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
    }

    /// The account; nil when nothing is said about it.
    ///
    /// - Throws: `InvalidSetting`, which names the setting and never a secret.
    func account() throws(InvalidSetting) -> AccountSettings? {
        let keys = ["dialect", "baseUrl", "apiKey", "apiKeyFile", "credentials", "credentialsFile", "project"]
        guard keys.contains(where: { scope.string(forKey: ConfigKey([$0]), isSecret: true) != nil }) else { return nil }
        let word = scope.string(forKey: "dialect") ?? ProviderDialect.openAI.rawValue
        guard let dialect = ProviderDialect(rawValue: word) else {
            let words = ProviderDialect.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("DIALECT", "one of \(words), not \(word)")
        }
        let connection: AccountSettings.Connection =
            switch dialect {
            case .openAI: .openAI(try openAI())
            case .gemini: .gemini(try gemini())
            case .vertex: .vertex(try vertex())
            case .interactions: .interactions(try gemini())
            }
        return AccountSettings(name: name, connection: connection)
    }

    private func openAI() throws(InvalidSetting) -> OpenAIVideosProvider.Configuration {
        let url = try address("baseUrl", "BASE_URL")
        let key = try secret("apiKey", "API_KEY")
        guard let url else { throw invalid("BASE_URL", "is missing beside the key") }
        guard let key else { throw invalid("API_KEY", "is missing beside the address") }
        return .init(
            baseURL: url, apiKey: key, isSandbox: isSandbox(key), contentHosts: hosts ?? .anyPublic)
    }

    private func gemini() throws(InvalidSetting) -> GeminiServer {
        guard let key = try secret("apiKey", "API_KEY") else {
            throw invalid("API_KEY", "or \(variable)_API_KEY_FILE is needed for this dialect")
        }
        return GeminiServer(
            baseURL: try address("baseUrl", "BASE_URL") ?? GeminiServer.googleURL, apiKey: key,
            isSandbox: isSandbox(key), contentHosts: hosts ?? .google)
    }

    private func vertex() throws(InvalidSetting) -> VertexVeoProvider.Configuration {
        guard let json = try secret("credentials", "CREDENTIALS") else {
            throw invalid("CREDENTIALS_FILE", "names the JSON key of a service account, which this dialect needs")
        }
        let account: ServiceAccount
        do {
            account = try ServiceAccount(
                json: Data(json.reveal().utf8), tokenURL: try address("tokenUrl", "TOKEN_URL"))
        } catch let error as ServiceAccount.Unreadable {
            throw invalid("CREDENTIALS_FILE", error.reason)
        } catch let error as InvalidSetting {
            throw error
        } catch {
            throw invalid("CREDENTIALS_FILE", "cannot be used")
        }
        guard let project = scope.string(forKey: "project") ?? account.project else {
            throw invalid("PROJECT", "is missing, and the service account's key names none")
        }
        return .init(
            baseURL: try address("baseUrl", "BASE_URL"), project: project,
            location: scope.string(forKey: "location") ?? VertexVeoProvider.Configuration.locationDefault,
            account: account, storage: try bucket(), storageURL: try address("storageUrl", "STORAGE_URL"),
            isSandbox: scope.bool(forKey: "sandbox") ?? false)
    }

    private func bucket() throws(InvalidSetting) -> StorageObject? {
        guard let text = scope.string(forKey: "storage") else { return nil }
        guard let bucket = StorageObject(text) else {
            throw invalid("STORAGE", "an address like gs://bucket/folder, not \(text)")
        }
        return bucket
    }

    /// No provider gives out the sandbox's own default key.
    private func isSandbox(_ key: Secret) -> Bool { scope.bool(forKey: "sandbox") ?? (key.reveal() == "sandbox") }

    private var hosts: ContentHosts? {
        scope.string(forKey: "contentHosts").map { text in
            ContentHosts(
                patterns: text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        }
    }

    private func address(_ key: String, _ suffix: String) throws(InvalidSetting) -> String? {
        guard let text = scope.string(forKey: ConfigKey([key])) else { return nil }
        guard let url = URL(string: text), url.host != nil, ["http", "https"].contains(url.scheme) else {
            throw invalid(suffix, "an address like https://example.com/v1")
        }
        return text
    }

    private func secret(_ key: String, _ suffix: String) throws(InvalidSetting) -> Secret? {
        try scope.secret(forKey: key, name: "\(variable)_\(suffix)").map { Secret($0) }
    }

    private func invalid(_ suffix: String, _ reason: String) -> InvalidSetting {
        InvalidSetting(name: "\(variable)_\(suffix)", reason: reason)
    }
}
