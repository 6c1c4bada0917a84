import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import RushesCore
package import RushesEngine

/// An outline of the adapter of Gemini's Interactions API (`reference/provider-apis.md` part 3), much of which is known
/// from reports only: text to video with a key. It is chosen by configuration and has met no real server.
package struct InteractionsProvider: VideoProvider {
    let server: GeminiServer
    let exchange: ProviderExchange

    /// An adapter for one server.
    package init(server: GeminiServer, connections: ProviderConnections, environment: Environment) {
        self.server = server
        exchange = ProviderExchange(connections: connections, environment: environment)
    }

    package func submit(_ submission: Submission) async -> SubmitOutcome {
        guard let body = InteractionRequest(submission) else {
            return .notAccepted(VeoFormat.fault(size: submission.size))
        }
        guard submission.parameters.isEmpty else {
            return .notAccepted(
                ProviderFault(
                    .permanentRequest, code: "parameters", message: "a route of this dialect takes no parameters"))
        }
        do {
            var request = server.request("/v1beta/interactions")
            if server.isSandbox { request.headers.add(contentsOf: .init(submission.sandboxHeaders)) }
            let now = exchange.environment.now
            return await exchange.create(request, body: try JSONBody.bytes(body)).outcome { answer in
                answer.decode(Interaction.self)?.job.map { ($0, nil) }
            } fault: {
                $0.googleFault(.interactions, on: .create, now: now())
            }
        } catch {
            return .notAccepted(error.fault)
        }
    }

    package func poll(_ job: ProviderJobID) async -> PollOutcome {
        do {
            let interaction = try await interaction(job).value
            switch interaction.ending {
            case .running(let unfamiliar):
                return .running(pollAfterMilliseconds: nil, unfamiliarStatus: unfamiliar)
            case .failed(let fault):
                return .failed(fault)
            case .video(.address(let address)):
                return try await fileOutcome(address)
            case .video(.inline), .video(.stored):
                return .completed
            }
        } catch {
            return .unanswered(error.fault)
        }
    }

    package func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] {
        throw ProviderError(ProviderFault(.permanentRequest, message: "the Interactions API has no listing"))
    }

    package func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        try await interaction(job).use { interaction in
            switch interaction.ending {
            case .running:
                throw ProviderError(ProviderFault(.transient, message: "the interaction still runs"))
            case .failed(let fault):
                throw ProviderError(fault)
            case .video(.inline(let base64)):
                try await VeoVideo.deliver(base64, exchange.connections.limits.download, consume: consume)
            case .video(.address(let address)):
                let file = Self.file(in: address)
                let url = file.map { server.baseURL + "/v1beta/files/\($0):download?alt=media" } ?? address
                try await exchange.download(
                    server.source(url, .interactions, now: exchange.environment.now), consume: consume)
            case .video(.stored(let object)):
                throw ProviderError(
                    ProviderFault(.unknown, message: "the video is at \(object), which this form lacks"))
            }
        }
    }

    private func interaction(_ job: ProviderJobID) async throws(ProviderError) -> Held<Interaction> {
        let path = "/v1beta/interactions/" + PathSegment.encode(job.rawValue)
        let limits = exchange.connections.limits.download
        let answer = try await exchange.read(server.request(path), bodyBytesMax: limits.inlineAnswerBytesMax)
        return Held(
            value: try answer.googleValue(
                Interaction.self, .interactions, on: .job, now: exchange.environment.now()),
            lease: answer.lease)
    }

    /// `completed` can precede the file: a video can be fetched when its file is active.
    private func fileOutcome(_ address: String) async throws(ProviderError) -> PollOutcome {
        guard let file = Self.file(in: address) else { return .completed }
        let answer = try await exchange.read(server.request("/v1beta/files/" + file))
        let now = exchange.environment.now()
        switch try answer.googleValue(UploadedFile.self, .interactions, on: .job, now: now).state {
        case "ACTIVE", nil: return .completed
        case "FAILED":
            return .failed(
                ProviderRefusal(
                    .interactions, .generation, codes: [ProviderWord.nothing], message: "the video's file failed"
                ).fault)
        default: return .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
        }
    }

    /// The name of a file of the Files API in its address.
    static func file(in address: String) -> String? {
        let parts = address.split(separator: "/files/")
        guard parts.count == 2 else { return nil }
        let name = parts[1].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return name.isEmpty ? nil : String(name)
    }

    private struct UploadedFile: Decodable {
        let state: String?
    }
}
