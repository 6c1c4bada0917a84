import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesWire

/// Stored videos: what they are, and their bytes.
struct AssetRoutes: Sendable {
    let access: AccessService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/assets/{id}", show)
        endpoints.authorized(.get, "/v1/assets/{id}/content", content)
    }

    @Sendable private func show(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(AssetBody(try await access.asset(call.id(), of: organization)))
    }

    /// The bytes never change: the hash is a strong ETag, and a part is always taken from the same content.
    @Sendable private func content(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let asset = try await access.asset(call.id(), of: organization)
        let request = call.request.headers
        let tag = "\"\(asset.sha256)\""
        var headers: HTTPFields = [
            .eTag: tag, .acceptRanges: "bytes", .cacheControl: "private, no-cache", .contentSecurityPolicy: "sandbox",
        ]
        if let known = request[.ifNoneMatch],
            known == "*" || known.split(separator: ",").contains(where: { $0.names(tag) })
        {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "video/mp4"
        headers[.contentDisposition] = "inline; filename=\"\(asset.id).mp4\""
        let isSameContent = request[.ifRange].map { $0 == tag } ?? true
        switch ByteRange(isSameContent ? request[.range] : nil, length: asset.bytes) {
        case .whole:
            return Response(status: .ok, headers: headers, body: body(asset, 0..<asset.bytes))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(asset.bytes)"
            return Response(status: .partialContent, headers: headers, body: body(asset, range))
        case .notSatisfiable:
            throw Problem.rangeNotSatisfiable(length: asset.bytes)
        }
    }

    /// Reads a piece when the caller has taken the one before, so that a slow reader costs one piece of memory.
    private func body(_ asset: Asset, _ range: Range<Int64>) -> ResponseBody {
        let access = access
        return ResponseBody(contentLength: range.count) { writer in
            var start = range.lowerBound
            while start < range.upperBound {
                let piece = start..<min(start + Self.pieceBytes, range.upperBound)
                var bytes = ByteBuffer()
                try await access.read(asset, range: piece) { bytes.writeBytes($0) }
                try await writer.write(bytes)
                start = piece.upperBound
            }
            try await writer.finish(nil)
        }
    }

    private static let pieceBytes: Int64 = 1 << 20
}

extension Substring {
    /// True when one item of `If-None-Match` names the tag; the comparison is weak (RFC 9110 section 13.1.2).
    fileprivate func names(_ tag: String) -> Bool {
        let item = drop { $0 == " " }
        let strong = item.hasPrefix("W/") ? item.dropFirst(2) : item
        return strong.hasPrefix(tag) && strong.dropFirst(tag.count).allSatisfy { $0 == " " }
    }
}
