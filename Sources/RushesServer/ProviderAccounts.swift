import Logging
import RushesCore
import RushesEngine
import RushesProviders
import RushesSandbox
import Synchronization

/// The provider accounts of the settings, and the sandbox that stands in for them when there are none.
struct ProviderAccounts: Sendable {
    let directory: ProviderDirectory
    let sandboxPort: EmbeddedSandboxPort
    let connections: ProviderConnections

    init(_ settings: ServerSettings, environment: RushesEngine.Environment) {
        let connections = ProviderConnections()
        let port = EmbeddedSandboxPort()
        var accounts: [String: any VideoProvider] = [:]
        var sandboxed: Set<String> = []
        if settings.needsEmbeddedSandbox {
            // In the OpenAI form for both models: its listing keeps every marker's promise (docs/adr/0015).
            let embedded = EmbeddedSandboxProvider(port: port, connections: connections, environment: environment)
            for name in AccountSettings.knownNames { accounts[name] = embedded }
            sandboxed = Set(AccountSettings.knownNames)
        }
        for account in settings.accounts {
            accounts[account.name] = account.adapter(connections, environment)
            if account.isSandbox { sandboxed.insert(account.name) }
        }
        // Gateways serve both models in the OpenAI dialect.
        if accounts["veo"] == nil, let gateway = accounts["openai"] {
            accounts["veo"] = gateway
            if sandboxed.contains("openai") { sandboxed.insert("veo") }
        }
        directory = ProviderDirectory(accounts, sandboxed: sandboxed)
        sandboxPort = port
        self.connections = connections
    }
}

extension AccountSettings {
    fileprivate func adapter(
        _ connections: ProviderConnections, _ environment: RushesEngine.Environment
    ) -> any VideoProvider {
        switch connection {
        case .openAI(let configuration):
            OpenAIVideosProvider(configuration: configuration, connections: connections, environment: environment)
        case .gemini(let server):
            GeminiVeoProvider(server: server, connections: connections, environment: environment)
        case .vertex(let configuration):
            VertexVeoProvider(configuration: configuration, connections: connections, environment: environment)
        case .interactions(let server):
            InteractionsProvider(server: server, connections: connections, environment: environment)
        }
    }
}

/// The port of the embedded sandbox, known once it listens.
final class EmbeddedSandboxPort: Sendable {
    private let port = Mutex<Int?>(nil)

    func set(_ value: Int) { port.withLock { $0 = value } }
    var value: Int? { port.withLock { $0 } }
}

/// The adapter to the embedded sandbox: the same one as to any server of the dialect, over HTTP on loopback.
struct EmbeddedSandboxProvider: VideoProvider {
    let port: EmbeddedSandboxPort
    let connections: ProviderConnections
    let environment: RushesEngine.Environment
    static let apiKey = "sandbox"
    private static let notYet = ProviderFault(.transient, message: "the embedded sandbox does not listen yet")

    private var adapter: OpenAIVideosProvider? {
        port.value.map { port in
            OpenAIVideosProvider(
                configuration: .init(
                    baseURL: "http://127.0.0.1:\(port)/v1", apiKey: Secret(Self.apiKey), isSandbox: true),
                connections: connections, environment: environment)
        }
    }

    func submit(_ submission: Submission) async -> SubmitOutcome {
        guard let adapter else { return .notAccepted(Self.notYet) }
        return await adapter.submit(submission)
    }

    func poll(_ job: ProviderJobID) async -> PollOutcome {
        guard let adapter else { return .unavailable(Self.notYet) }
        return await adapter.poll(job)
    }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] {
        guard let adapter else { throw ProviderError(Self.notYet) }
        return try await adapter.list(since: since)
    }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        guard let adapter else { throw ProviderError(Self.notYet) }
        try await adapter.download(job, consume: consume)
    }
}
