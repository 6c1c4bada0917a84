package import Hummingbird
package import HummingbirdCore
package import Logging
import NIOCore
import RushesCore
package import RushesEngine

/// The HTTP server's own limits (`reference/reliability-security.md` finding 6).
package enum EdgeServer {
    /// Connections at the same time; more wait in the backlog.
    package static let connectionsMax = 2_000

    /// The server of the API: bounded heads, bodies, pauses and writes.
    package static func http1(_ environment: RushesEngine.Environment) -> HTTPServerBuilder {
        let ids = environment.ids
        let limits = ConnectionLimits(bodyBytesMax: Limits.batchBodyBytesMax)
        return .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    ConnectionGuardInstaller(limits) { ids.next(RequestIdentity.self).rawValue }
                ],
                idleTimeout: .seconds(30),
                // Wider than `RequestLimits`, which answers with a problem; beyond these the parser closes.
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: 2 * RequestLimits.headerBytesMax,
                    maxHeaderListSize: 2 * RequestLimits.headerBytesMax,
                    maxHeaderFieldCount: 2 * RequestLimits.headerFieldsMax)))
    }

    /// Where to listen, with the limit on connections.
    package static func configuration(address: BindAddress, logger: Logger) -> ApplicationConfiguration {
        ApplicationConfiguration(
            address: address, serverName: nil, availableConnectionsDelegate: .maximum(connectionsMax, logger: logger))
    }
}
