import AsyncHTTPClient
import NIOHTTP1
package import RushesCore
package import RushesEngine

/// The adapter of Veo in the form of the Gemini Developer API (`reference/provider-apis.md` part 2): a key, operations
/// that are read, files that are downloaded with the key. It has no listing of any kind.
package struct GeminiVeoProvider: VideoProvider {
    let server: GeminiServer
    let exchange: ProviderExchange

    /// An adapter for one server.
    package init(server: GeminiServer, connections: ProviderConnections, environment: Environment) {
        self.server = server
        exchange = ProviderExchange(connections: connections, environment: environment)
    }

    package func submit(_ submission: Submission) async -> SubmitOutcome {
        guard let body = VeoRequest(submission) else { return .notAccepted(VeoFormat.fault(size: submission.size)) }
        do {
            let path = "/v1beta/models/\(PathSegment.encode(submission.model)):predictLongRunning"
            var request = server.request(path)
            if server.isSandbox { request.headers.add(contentsOf: .init(submission.sandboxHeaders)) }
            let now = exchange.environment.now
            return await exchange.create(request, body: try JSONBody.bytes(body)).outcome { answer in
                answer.decode(VeoOperation.self)?.job.map { ($0, nil) }
            } fault: {
                $0.googleFault(.gemini, on: .create, now: now())
            }
        } catch {
            return .notAccepted(error.fault)
        }
    }

    package func poll(_ job: ProviderJobID) async -> PollOutcome {
        do {
            switch try await operation(job).ending(.gemini) {
            case nil: return .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
            case .video: return .completed
            case .failed(let fault): return .failed(fault)
            }
        } catch {
            return .unanswered(error.fault)
        }
    }

    package func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] {
        throw ProviderError(ProviderFault(.permanentRequest, message: "the Gemini form of Veo has no listing"))
    }

    package func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        switch try await operation(job).ending(.gemini) {
        case nil:
            throw ProviderError(ProviderFault(.transient, message: "the operation still runs"))
        case .failed(let fault):
            throw ProviderError(fault)
        case .video(.inline(let base64)):
            try await VeoVideo.deliver(base64, exchange.connections.limits.download, consume: consume)
        case .video(.address(let address)):
            try await exchange.download(
                server.source(address, .gemini, now: exchange.environment.now), consume: consume)
        case .video(.stored(let object)):
            throw ProviderError(ProviderFault(.unknown, message: "the video is at \(object), which this form lacks"))
        }
    }

    private func operation(_ job: ProviderJobID) async throws(ProviderError) -> VeoOperation {
        let answer = try await exchange.read(server.request("/v1beta/" + PathSegment.encodePath(job.rawValue)))
        return try answer.googleValue(VeoOperation.self, .gemini, on: .job, now: exchange.environment.now())
    }
}

/// A server of the Gemini Developer API and the key to it.
package struct GeminiServer: Sendable {
    /// The address that `/v1beta/...` is appended to.
    package let baseURL: String
    /// The key.
    package let apiKey: Secret
    /// The server is our sandbox: creates tell it their attempt and deadline.
    package let isSandbox: Bool
    /// Where else its videos may stand.
    package let contentHosts: ContentHosts

    /// Google's own address.
    package static let googleURL = "https://generativelanguage.googleapis.com"

    /// A server by its address and key.
    package init(
        baseURL: String = googleURL, apiKey: Secret, isSandbox: Bool, contentHosts: ContentHosts = .google
    ) {
        self.baseURL = baseURL.withoutLastSlash
        self.apiKey = apiKey
        self.isSandbox = isSandbox
        self.contentHosts = contentHosts
    }

    var credentials: HTTPHeaders { ["x-goog-api-key": apiKey.reveal()] }

    func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: baseURL + path)
        request.headers = credentials
        request.headers.add(name: "User-Agent", value: "rushes")
        request.headers.add(name: "Accept", value: "application/json")
        return request
    }

    func source(
        _ address: String, _ dialect: ProviderDialect, now: @escaping @Sendable () -> Timestamp
    ) -> DownloadSource {
        DownloadSource(
            url: address, credentials: credentials, credentialsOrigin: baseURL, hosts: contentHosts,
            fault: { $0.googleFault(dialect, on: .job, now: now()) })
    }
}

extension ContentHosts {
    /// Google's own hosts.
    package static let google = ContentHosts(patterns: ["*.googleapis.com", "*.googleusercontent.com", "*.google.com"])
}
