import AsyncHTTPClient
import NIOHTTP1
package import RushesCore
package import RushesEngine

/// The adapter of the OpenAI Videos dialect (`reference/provider-apis.md` part 1), which gateways speak too.
package struct OpenAIVideosProvider: VideoProvider {
    /// Where a server of the dialect is and how it knows us.
    package struct Configuration: Sendable {
        /// The address that paths are appended to; it ends in `/v1`.
        package let baseURL: String
        /// The key.
        package let apiKey: Secret
        /// The server is our sandbox: creates tell it their attempt and deadline, which it counts and times by.
        package let isSandbox: Bool
        /// Where else its videos may stand.
        package let contentHosts: ContentHosts

        /// A server by its address and key; a slash at the end of the address is dropped.
        package init(baseURL: String, apiKey: Secret, isSandbox: Bool, contentHosts: ContentHosts = .anyPublic) {
            self.baseURL = baseURL.withoutLastSlash
            self.apiKey = apiKey
            self.isSandbox = isSandbox
            self.contentHosts = contentHosts
        }
    }

    let configuration: Configuration
    let exchange: ProviderExchange

    /// An adapter for one server.
    package init(configuration: Configuration, connections: ProviderConnections, environment: Environment) {
        self.configuration = configuration
        exchange = ProviderExchange(connections: connections, environment: environment)
    }

    var credentials: HTTPHeaders { ["Authorization": "Bearer \(configuration.apiKey.reveal())"] }

    /// A request with what all requests have.
    func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: configuration.baseURL + path)
        request.headers = credentials
        request.headers.add(name: "User-Agent", value: "rushes")
        request.headers.add(name: "Accept", value: "application/json")
        return request
    }

    func path(of job: ProviderJobID) -> String { "/videos/" + PathSegment.encode(job.rawValue) }

    package func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        try await exchange.download(source(job, variant: "video", .video), consume: consume)
    }

    package func downloadImage(
        _ kind: AssetImage.Kind, of job: ProviderJobID, consume: (DownloadEvent) async throws -> Void
    ) async throws {
        try await exchange.download(source(job, variant: kind.openAIVariant, .image), consume: consume)
    }

    private func source(_ job: ProviderJobID, variant: String, _ content: DownloadSource.Content) -> DownloadSource {
        let now = exchange.environment.now
        return DownloadSource(
            url: configuration.baseURL + path(of: job) + "/content?variant=" + variant, credentials: credentials,
            credentialsOrigin: configuration.baseURL, hosts: configuration.contentHosts, content: content,
            fault: { $0.openAIFault(on: .job, now: now()) })
    }
}

extension AssetImage.Kind {
    /// The dialect's word for it.
    fileprivate var openAIVariant: String {
        switch self {
        case .poster: "thumbnail"
        case .spritesheet: "spritesheet"
        }
    }
}

extension ProviderAnswer {
    /// When the provider wants to be asked again, in milliseconds.
    var openAIPollAfterMilliseconds: Int64? {
        headers.first(name: "openai-poll-after-ms").flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// The refusal that this answer is, with the provider's name of the request for its support.
    func openAIFault(on call: ProviderCall, now: Timestamp) -> ProviderFault {
        let error = decode(OpenAIErrorEnvelope.self)?.error
        let words = (error?.message ?? "HTTP \(status) without an error body").prefix(Self.messageCharactersMax)
        let request = headers.first(name: "x-request-id").map { " (request \($0.prefix(128)))" } ?? ""
        return ProviderRefusal(
            .openAI, call, status: status, codes: [error?.code, error?.type], message: words + request,
            retryAfterMilliseconds: retryAfter(now: now)
        ).fault
    }
}

extension String {
    var withoutLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}

extension Submission {
    /// What only our sandbox is told: it counts by attempts and times by deadlines.
    var sandboxHeaders: [(String, String)] {
        [("X-Rushes-Attempt", "\(task):\(attempt)"), ("X-Rushes-Deadline", deadline.rfc3339)]
    }
}

/// A part of a path; the provider chose its text.
enum PathSegment {
    static func encode(_ text: some StringProtocol) -> String {
        // A segment of dots alone would climb to another path.
        let plain = text.allSatisfy { $0 == "." } ? "-_~" : "-_~."
        return text.utf8.reduce(into: "") { encoded, byte in
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || plain.contains(character) {
                encoded.append(character)
            } else {
                encoded += "%" + String(byte >> 4, radix: 16, uppercase: true)
                encoded += String(byte & 15, radix: 16, uppercase: true)
            }
        }
    }

    /// A path whose slashes stay.
    static func encodePath(_ text: some StringProtocol) -> String {
        text.split(separator: "/", omittingEmptySubsequences: false).map { encode($0) }.joined(separator: "/")
    }
}
