import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import RushesCore
package import RushesEngine

/// The adapter of Veo on Vertex AI (`reference/provider-apis.md` part 2): tokens of a service account, operations that
/// are fetched by POST, videos in the answer or in a bucket.
///
/// With a bucket every attempt has a prefix of its own, so that a create with an unknown outcome can be looked for.
package struct VertexVeoProvider: VideoProvider {
    /// Where Vertex is, and whose project pays.
    package struct Configuration: Sendable {
        /// The address that `/v1/projects/...` is appended to.
        package let baseURL: String
        /// The project.
        package let project: String
        /// The region.
        package let location: String
        /// Who we are.
        package let account: ServiceAccount
        /// Where videos are written; nil takes them from the answer.
        package let storage: StorageObject?
        /// The address of the storage service.
        package let storageURL: String
        /// The server is our sandbox: creates tell it their attempt and deadline.
        package let isSandbox: Bool

        /// The region that has Veo.
        package static let locationDefault = "us-central1"
        /// Google's own address of the storage service.
        package static let googleStorageURL = "https://storage.googleapis.com"

        /// A project at Vertex; nil addresses are Google's own.
        package init(
            baseURL: String? = nil, project: String, location: String = locationDefault, account: ServiceAccount,
            storage: StorageObject? = nil, storageURL: String? = nil, isSandbox: Bool
        ) {
            self.baseURL = (baseURL ?? "https://\(location)-aiplatform.googleapis.com").withoutLastSlash
            self.project = project
            self.location = location
            self.account = account
            self.storage = storage
            self.storageURL = (storageURL ?? Self.googleStorageURL).withoutLastSlash
            self.isSandbox = isSandbox
        }
    }

    let configuration: Configuration
    let exchange: ProviderExchange
    let tokens: AccessTokens

    /// An adapter for one project.
    package init(configuration: Configuration, connections: ProviderConnections, environment: Environment) {
        self.configuration = configuration
        exchange = ProviderExchange(connections: connections, environment: environment)
        tokens = AccessTokens(configuration.account, exchange: exchange)
    }

    package func submit(_ submission: Submission) async -> SubmitOutcome {
        let body = VeoRequest(
            submission, storageUri: prefix(of: submission.tag)?.description,
            labels: ["rushes_attempt": submission.tag.description])
        guard let body else { return .notAccepted(VeoFormat.fault(size: submission.size)) }
        do {
            let bytes = try JSONBody.bytes(body)
            let url = configuration.baseURL + "/v1/" + resource(submission.model) + ":predictLongRunning"
            let headers = configuration.isSandbox ? submission.sandboxHeaders : []
            let now = exchange.environment.now
            return try await create(url, headers: headers, body: bytes).outcome { answer in
                answer.decode(VeoOperation.self)?.job.map { ($0, nil) }
            } fault: {
                $0.googleFault(.vertex, on: .create, now: now())
            }
        } catch {
            // Without a token nothing was sent.
            return .notAccepted(error.fault)
        }
    }

    /// A create whose token was refused made nothing, so it is sent once more with a new one.
    private func create(
        _ url: String, headers: [(String, String)], body: ByteBuffer
    ) async throws(ProviderError) -> CreateAnswer {
        let token = try await tokens.token()
        let answer = await exchange.create(request(url, token, headers), body: body)
        guard case .answered(let refusal) = answer, refusal.status == 401 else { return answer }
        let fresh = try await tokens.token(insteadOf: token)
        return await exchange.create(request(url, fresh, headers), body: body)
    }

    package func poll(_ job: ProviderJobID) async -> PollOutcome {
        do {
            if let object = StorageObject(job.rawValue) { return try await poll(object) }
            // What a video in the answer takes is given back at once: only the download needs it.
            switch try await operation(job).value.ending(.vertex) {
            case nil: return .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
            case .video: return .completed
            case .failed(let fault): return .failed(fault)
            }
        } catch {
            return .unanswered(error.fault)
        }
    }

    package func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        if let object = StorageObject(job.rawValue) { return try await download(object, consume: consume) }
        try await operation(job).use { operation in
            switch operation.ending(.vertex) {
            case nil:
                throw ProviderError(ProviderFault(.transient, message: "the operation still runs"))
            case .failed(let fault):
                throw ProviderError(fault)
            case .video(.inline(let base64)):
                try await VeoVideo.deliver(base64, exchange.connections.limits.download, consume: consume)
            case .video(.stored(let object)):
                try await download(object, consume: consume)
            case .video(.address(let address)):
                throw ProviderError(ProviderFault(.unknown, message: "the video is at \(address), not in a bucket"))
            }
        }
    }

    /// Fetches an operation; the model stands in its name.
    private func operation(_ job: ProviderJobID) async throws(ProviderError) -> Held<VeoOperation> {
        let parts = job.rawValue.split(separator: "/operations/")
        guard parts.count == 2 else {
            throw ProviderError(ProviderFault(.lost, message: "\(job) is the name of no operation"))
        }
        let url = configuration.baseURL + "/v1/" + PathSegment.encodePath(parts[0]) + ":fetchPredictOperation"
        let body = try JSONBody.bytes(["operationName": job.rawValue])
        let limits = exchange.connections.limits.download
        let answer = try await readAuthorized(bodyBytesMax: limits.inlineAnswerBytesMax) { token in
            var request = request(url, token)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(body)
            return request
        }
        return Held(
            value: try answer.googleValue(VeoOperation.self, .vertex, on: .job, now: exchange.environment.now()),
            lease: answer.lease)
    }

    private func resource(_ model: String) -> String {
        let project = PathSegment.encode(configuration.project)
        let location = PathSegment.encode(configuration.location)
        return "projects/\(project)/locations/\(location)/publishers/google/models/\(PathSegment.encode(model))"
    }

    /// Reads, with a new token once when the old one is refused.
    func readAuthorized(
        bodyBytesMax: Int = ProviderAnswer.bodyBytesMax, _ request: (Secret) -> HTTPClientRequest
    ) async throws(ProviderError) -> ProviderAnswer {
        let token = try await tokens.token()
        let answer = try await exchange.read(request(token), bodyBytesMax: bodyBytesMax)
        guard answer.status == 401 else { return answer }
        let fresh = try await tokens.token(insteadOf: token)
        return try await exchange.read(request(fresh), bodyBytesMax: bodyBytesMax)
    }

    func request(_ url: String, _ token: Secret, _ headers: [(String, String)] = []) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.headers = ["Authorization": "Bearer \(token.reveal())", "User-Agent": "rushes"]
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(contentsOf: .init(headers))
        return request
    }
}
