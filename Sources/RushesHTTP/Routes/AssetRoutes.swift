import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesWire

/// Stored videos and their images: what they are, and their bytes.
struct AssetRoutes: Sendable {
    let access: AccessService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/assets/{id}", show)
        endpoints.authorized(.get, "/v1/assets/{id}/content", content)
    }

    @Sendable private func show(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let (asset, images) = try await access.assetWithImages(call.id(), of: organization)
        return try .json(AssetBody(asset, images))
    }

    /// The bytes never change: the hash is a strong ETag, and a part is always taken from the same content.
    @Sendable private func content(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let kind = try call.query(["variant"]).imageKind()
        let content = try await access.content(of: call.id(), kind, for: organization)
        let request = call.request.headers
        let tag = "\"\(content.sha256)\""
        var headers: HTTPFields = [
            .eTag: tag, .acceptRanges: "bytes", .cacheControl: "private, no-cache", .contentSecurityPolicy: "sandbox",
        ]
        if let known = request[.ifNoneMatch],
            known == "*" || known.split(separator: ",").contains(where: { $0.names(tag) })
        {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = content.contentType
        headers[.contentDisposition] = "inline; filename=\"\(content.fileName)\""
        let isSameContent = request[.ifRange].map { $0 == tag } ?? true
        switch ByteRange(isSameContent ? request[.range] : nil, length: content.bytes) {
        case .whole:
            return Response(status: .ok, headers: headers, body: body(content, 0..<content.bytes))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(content.bytes)"
            return Response(status: .partialContent, headers: headers, body: body(content, range))
        case .notSatisfiable:
            throw Problem.rangeNotSatisfiable(length: content.bytes)
        }
    }

    /// Reads a piece when the caller has taken the one before, so that a slow reader costs one piece of memory.
    private func body(_ content: AssetContent, _ range: Range<Int64>) -> ResponseBody {
        let access = access
        return ResponseBody(contentLength: range.count) { writer in
            var start = range.lowerBound
            while start < range.upperBound {
                let piece = start..<min(start + Self.pieceBytes, range.upperBound)
                var bytes = ByteBuffer()
                try await access.read(content, range: piece) { bytes.writeBytes($0) }
                try await writer.write(bytes)
                start = piece.upperBound
            }
            try await writer.finish(nil)
        }
    }

    private static let pieceBytes: Int64 = 1 << 20
}

extension QueryParameters {
    /// The image that the caller wants; nil for the video itself.
    fileprivate func imageKind() throws(Problem) -> AssetImage.Kind? {
        guard let word = self["variant"], word != "video" else { return nil }
        guard let kind = AssetImage.Kind(rawValue: word) else {
            throw .invalid(parameter: "variant", "invalid_value", "variant is video, poster or spritesheet")
        }
        return kind
    }
}

extension Substring {
    /// True when one item of `If-None-Match` names the tag; the comparison is weak (RFC 9110 section 13.1.2).
    fileprivate func names(_ tag: String) -> Bool {
        let item = drop { $0 == " " }
        let strong = item.hasPrefix("W/") ? item.dropFirst(2) : item
        return strong.hasPrefix(tag) && strong.dropFirst(tag.count).allSatisfy { $0 == " " }
    }
}
