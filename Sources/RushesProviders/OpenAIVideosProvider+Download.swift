import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import RushesCore
package import RushesEngine

extension OpenAIVideosProvider {
    package func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        let response = try await beginDownload(job)
        let announced = response.headers.first(name: "content-length").flatMap { Int64($0) }
        try await consume(.began(contentLength: announced))
        var received: Int64 = 0
        var pieces = response.body.makeAsyncIterator()
        var buffer: [UInt8] = []
        while let piece = try await next(of: &pieces) {
            received += Int64(piece.readableBytes)
            buffer += piece.readableBytesView
            // Gathered, because each event costs the consumer a turn on another thread.
            guard buffer.count >= Limits.blobChunkBytes / 4 else { continue }
            try await consume(.bytes(buffer))
            buffer.removeAll(keepingCapacity: true)
        }
        if !buffer.isEmpty { try await consume(.bytes(buffer)) }
        if let announced, announced != received {
            let message = "the download broke off after \(received) of \(announced) bytes"
            throw ProviderError(ProviderFault(.transient, message: message))
        }
    }

    private func beginDownload(_ job: ProviderJobID) async throws -> HTTPClientResponse {
        var request = request(path(of: job) + "/content?variant=video")
        request.headers.replaceOrAdd(name: "Accept", value: "video/mp4, application/octet-stream;q=0.5")
        let response: HTTPClientResponse
        do {
            response = try await connections.downloads.execute(
                request, timeout: .milliseconds(connections.limits.readMilliseconds))
        } catch {
            try Task.checkCancellation()
            throw ProviderError(ProviderFault(connection: error))
        }
        guard response.status.code == 200 else {
            // The status alone still tells the class when the body cannot be read.
            let body = try? await response.body.collect(upTo: OpenAIAnswer.bodyBytesMax)
            let answer = OpenAIAnswer(
                status: Int(response.status.code), headers: response.headers, body: body ?? ByteBuffer())
            throw ProviderError(answer.fault(on: .job, now: environment.now()))
        }
        let type = response.headers.first(name: "content-type") ?? "no type"
        guard Self.isVideo(type) else {
            throw ProviderError(ProviderFault(.unknown, message: "the content is \(type), not a video"))
        }
        return response
    }

    private func next(of pieces: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await pieces.next(isolation: #isolation)
        } catch {
            try Task.checkCancellation()
            throw ProviderError(ProviderFault(connection: error))
        }
    }

    private static func isVideo(_ contentType: String) -> Bool {
        let type = contentType.lowercased()
        return type.hasPrefix("video/") || type.hasPrefix("application/octet-stream")
    }
}
