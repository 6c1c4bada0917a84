import AsyncHTTPClient
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
package import RushesCore
package import RushesEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension OpenAIVideosProvider {
    package func submit(_ submission: Submission) async -> SubmitOutcome {
        let body: ByteBuffer
        do {
            body = try JSONEncoder().encodeAsByteBuffer(
                WithParameters(OpenAIVideoRequest(submission), submission.parameters),
                allocator: ByteBufferAllocator())
        } catch {
            return .notAccepted(ProviderFault(.permanentRequest, message: "the request cannot be written: \(error)"))
        }
        var request = request("/videos")
        if configuration.isSandbox { request.headers.add(contentsOf: .init(submission.sandboxHeaders)) }
        let now = exchange.environment.now
        return await exchange.create(request, body: body).outcome { answer in
            answer.decode(OpenAIVideo.self)?.id.map { (ProviderJobID($0), answer.openAIPollAfterMilliseconds) }
        } fault: {
            $0.openAIFault(on: .create, now: now())
        }
    }
}
