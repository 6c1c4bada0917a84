import HTTPTypes
import Hummingbird

/// A refusal in the envelope of one of the dialects.
protocol SandboxRefusal: Error, Sendable {
    var status: HTTPResponse.Status { get }
    func response() throws -> Response
}

extension OpenAIError: SandboxRefusal {}
