internal import AsyncHTTPClient
internal import NIOCore

/// Speaks to a Rushes server: one method for each route, typed by the bodies of `RushesWire`.
///
/// Reads and the creation of a batch are repeated on a lost connection, 429 and 503, because a `request_id` never
/// charges twice; everything else is sent once.
public struct RushesClient: Sendable {
    let exchange: Exchange

    /// Opens connections to a server, hands a client to `body`, and closes them when it returns.
    ///
    /// - Parameters:
    ///   - baseURL: scheme, host and port, such as `http://127.0.0.1:8080`.
    ///   - apiKey: the organization's key; nil for the routes that need none.
    ///   - retry: how often and how long to try again.
    /// - Throws: what `body` throws.
    public static func withConnection<Result>(
        baseURL: String, apiKey: String?, retry: RetryPolicy,
        _ body: (RushesClient) async throws -> Result
    ) async throws -> Result {
        try await Exchange.withHTTP { http in
            let root = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
            return try await body(
                RushesClient(exchange: Exchange(http: http, root: root, apiKey: apiKey, retry: retry)))
        }
    }
}
