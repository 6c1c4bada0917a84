import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RushesCore
import RushesEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a file is fetched, and what opens the door.
struct DownloadSource: Sendable {
    let url: String
    /// Headers with secrets; only the server that they belong to gets them.
    let credentials: HTTPHeaders
    /// The address of the server that the credentials belong to.
    let credentialsOrigin: String
    let hosts: ContentHosts
    /// What is fetched.
    var content = Content.video
    /// What a refusal means.
    let fault: @Sendable (ProviderAnswer) -> ProviderFault

    /// What is fetched: it decides the limits and which types of content are taken.
    enum Content: Sendable {
        case video
        case image

        var accept: String {
            switch self {
            case .video: "video/mp4, application/octet-stream;q=0.5"
            case .image: "image/webp, image/jpeg, image/png"
            }
        }

        /// What `octet-stream` is, the bytes tell.
        func takes(_ contentType: String) -> Bool {
            let type = contentType.lowercased()
            let isOwn =
                switch self {
                case .video: type.hasPrefix("video/")
                case .image: type.hasPrefix("image/")
                }
            return isOwn || type.hasPrefix("application/octet-stream")
        }

        func limits(_ limits: ProviderTimeLimits) -> DownloadLimits {
            switch self {
            case .video: limits.download
            case .image: limits.image
            }
        }
    }
}

extension ProviderExchange {
    private static let redirectsMax = 5

    /// Streams a file within the limits of its kind.
    ///
    /// - Throws: `ProviderError` when the answer is of another kind, breaks off or breaks a limit, or what `consume`
    ///   throws.
    func download(_ source: DownloadSource, consume: (DownloadEvent) async throws -> Void) async throws {
        var meter = DownloadMeter(
            source.content.limits(connections.limits), startedAtMilliseconds: environment.elapsedMilliseconds())
        let response = try await begin(source, meter)
        let announced = response.headers.first(name: "content-length").flatMap { Int64($0) }
        try kept { () throws(DownloadBreach) in try meter.announced(announced) }
        try await consume(.began(contentLength: announced))
        var pieces = response.body.makeAsyncIterator()
        var buffer: [UInt8] = []
        while let piece = try await next(of: &pieces, &meter) {
            buffer += piece.readableBytesView
            // Gathered, because each event costs the consumer a turn on another thread.
            guard buffer.count >= Limits.blobChunkBytes / 4 else { continue }
            try await consume(.bytes(buffer))
            buffer.removeAll(keepingCapacity: true)
        }
        if !buffer.isEmpty { try await consume(.bytes(buffer)) }
        if let announced, announced != meter.receivedBytes {
            let message = "the download broke off after \(meter.receivedBytes) of \(announced) bytes"
            throw ProviderError(ProviderFault(.transient, message: message))
        }
    }

    /// The answer with the file, at the end of the redirects.
    private func begin(_ source: DownloadSource, _ meter: DownloadMeter) async throws -> HTTPClientResponse {
        guard var url = URL(string: source.url), let owner = URL(string: source.credentialsOrigin) else {
            throw ProviderError(ProviderFault(.unknown, message: "the content's address cannot be read"))
        }
        for _ in 0...Self.redirectsMax {
            guard source.hosts.allow(url, besides: owner) else {
                let host = url.host ?? "no host"
                throw ProviderError(ProviderFault(.unknown, message: "the content stands on \(host): not allowed"))
            }
            let response = try await ask(url, of: owner, source, meter)
            switch Int(response.status.code) {
            case 200:
                let type = response.headers.first(name: "content-type") ?? "no type"
                guard source.content.takes(type) else {
                    let message = "the content is \(type), not \(source.content)"
                    throw ProviderError(ProviderFault(.unknown, message: message))
                }
                return response
            case 301, 302, 303, 307, 308:
                guard let location = response.headers.first(name: "location"),
                    let target = URL(string: location, relativeTo: url)?.absoluteURL
                else { throw ProviderError(ProviderFault(.unknown, message: "a redirect leads nowhere")) }
                url = target
            default:
                throw ProviderError(source.fault(try await whole(response, meter)))
            }
        }
        throw ProviderError(ProviderFault(.unknown, message: "more than \(Self.redirectsMax) redirects"))
    }

    private func ask(
        _ url: URL, of owner: URL, _ source: DownloadSource, _ meter: DownloadMeter
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers.add(name: "User-Agent", value: "rushes")
        request.headers.add(name: "Accept", value: source.content.accept)
        if ContentHosts.isSameOrigin(url, owner) { request.headers.add(contentsOf: source.credentials) }
        let now = environment.elapsedMilliseconds()
        let left = try kept { () throws(DownloadBreach) in try meter.headMilliseconds(atMilliseconds: now) }
        do {
            return try await connections.downloads.execute(request, timeout: .milliseconds(left))
        } catch {
            try Task.checkCancellation()
            throw ProviderError(ProviderFault(connection: error))
        }
    }

    /// A refusal with as much of its body as is worth reading: the status alone still tells the class.
    private func whole(_ response: HTTPClientResponse, _ meter: DownloadMeter) async throws -> ProviderAnswer {
        var meter = meter
        var body = ByteBuffer()
        var pieces = response.body.makeAsyncIterator()
        do {
            while let piece = try await next(of: &pieces, &meter) {
                body.writeImmutableBuffer(piece)
                if body.readableBytes >= connections.limits.download.refusalBytesMax { break }
            }
        } catch is ProviderError {
            // What came until then has to do.
        }
        return ProviderAnswer(status: Int(response.status.code), headers: response.headers, body: body)
    }

    private func next(
        of pieces: inout HTTPClientResponse.Body.AsyncIterator, _ meter: inout DownloadMeter
    ) async throws -> ByteBuffer? {
        let start = environment.elapsedMilliseconds()
        let piece: ByteBuffer?
        do {
            piece = try await pieces.next(isolation: #isolation)
        } catch {
            try Task.checkCancellation()
            throw ProviderError(ProviderFault(connection: error))
        }
        guard let piece else { return nil }
        let now = environment.elapsedMilliseconds()
        try kept { () throws(DownloadBreach) in
            try meter.received(piece.readableBytes, waitedFromMilliseconds: start, atMilliseconds: now)
        }
        return piece
    }

    /// What a limit allows; a broken one is a fault of the provider.
    private func kept<Value>(_ limit: () throws(DownloadBreach) -> Value) throws(ProviderError) -> Value {
        do {
            return try limit()
        } catch {
            throw ProviderError(ProviderFault(error))
        }
    }
}

extension ProviderFault {
    /// A download that broke a limit.
    init(_ breach: DownloadBreach) {
        switch breach {
        case .tooLarge: self.init(.unknown, message: "\(breach)")
        case .tooLong, .tooSlow: self.init(.timeout, message: "\(breach)")
        }
    }
}
