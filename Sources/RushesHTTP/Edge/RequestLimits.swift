import HTTPTypes
import Hummingbird

/// Limits on the head of a request; the parser has wider ones of its own, beyond which it answers 400 and closes.
enum RequestLimits {
    /// Bytes of all header names and values.
    static let headerBytesMax = 16 * 1_024
    /// Header fields.
    static let headerFieldsMax = 64
    /// Bytes of path and query.
    static let targetBytesMax = 8 * 1_024

    /// Throws the problem of a head that is too large or ambiguous.
    static func check(_ request: Request) throws(Problem) {
        let codings = request.headers[values: .transferEncoding]
        if codings.contains(where: { $0.lowercased() != "chunked" }) { throw .unknownTransferEncoding }
        if request.uri.string.utf8.count > targetBytesMax { throw .targetTooLong }
        if request.headers.count > headerFieldsMax { throw .headersTooLarge }
        let bytes = request.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count }
        if bytes > headerBytesMax { throw .headersTooLarge }
    }
}
