import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesWire

extension Request {
    /// The whole body.
    ///
    /// - Throws: `Problem.bodyTooLarge`, at once when the length is declared.
    func bodyBytes(upTo limit: Int) async throws -> [UInt8] {
        let declared = headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > limit { throw Problem.bodyTooLarge(limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(declared ?? 0)
        for try await buffer in body {
            if bytes.count + buffer.readableBytes > limit { throw Problem.bodyTooLarge(limit) }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    /// The body of a small JSON request.
    ///
    /// - Throws: `Problem` for another media type or a body over `Limits.smallBodyBytesMax`.
    func smallJSONBody(upTo limit: Int = Limits.smallBodyBytesMax) async throws -> [UInt8] {
        _ = try ContentType(of: headers, allowed: [.json])
        return try await bodyBytes(upTo: limit)
    }

    /// Reads the body of a request that has no members: nothing, or an empty object.
    ///
    /// - Throws: `Problem`.
    func emptyBody() async throws {
        let bytes = try await bodyBytes(upTo: Limits.smallBodyBytesMax)
        if bytes.isEmpty { return }
        _ = try ContentType(of: headers, allowed: [.json])
        var members = try RequestMembers(bytes)
        try members.finish()
    }
}
