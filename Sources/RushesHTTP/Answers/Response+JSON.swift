import HTTPTypes
import Hummingbird
import NIOCore
import RushesWire

extension Response {
    /// An answer with one of the contract's bodies.
    ///
    /// - Throws: `EncodingError`; our bodies have nothing that JSON cannot hold.
    static func json(
        _ body: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        let bytes = try WireJSON.encode(body)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
