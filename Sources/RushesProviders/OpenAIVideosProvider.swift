import AsyncHTTPClient
import NIOHTTP1
import RushesCore
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

        /// A server by its address and key; a slash at the end of the address is dropped.
        package init(baseURL: String, apiKey: Secret, isSandbox: Bool) {
            self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
            self.apiKey = apiKey
            self.isSandbox = isSandbox
        }
    }

    let configuration: Configuration
    let connections: ProviderConnections
    let environment: Environment

    /// An adapter for one server.
    package init(configuration: Configuration, connections: ProviderConnections, environment: Environment) {
        self.configuration = configuration
        self.connections = connections
        self.environment = environment
    }

    /// A request with what all requests have.
    func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: configuration.baseURL + path)
        request.headers.add(name: "Authorization", value: "Bearer \(configuration.apiKey.reveal())")
        request.headers.add(name: "User-Agent", value: "rushes")
        request.headers.add(name: "Accept", value: "application/json")
        return request
    }

    func path(of job: ProviderJobID) -> String { "/videos/" + PathSegment.encode(job.rawValue) }
}

/// A part of a path; the provider chose its text.
enum PathSegment {
    static func encode(_ text: String) -> String {
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
}
