import AsyncHTTPClient
package import NIOCore
package import RushesCore

/// The connections to providers, shared by all adapters: short calls and downloads have different limits.
///
/// Whoever makes one shuts it down.
package final class ProviderConnections: Sendable {
    let calls: HTTPClient
    let downloads: HTTPClient
    let limits: ProviderTimeLimits
    /// What answers with videos in them take together.
    package let largeAnswers: ByteBudget

    /// Connections on an event loop group.
    package init(
        on group: any EventLoopGroup = HTTPClient.defaultEventLoopGroup, limits: ProviderTimeLimits = .init()
    ) {
        self.limits = limits
        largeAnswers = ByteBudget(bytesMax: limits.download.inlineAnswersBytesMax)
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .milliseconds(limits.connectMilliseconds)
        // The engine owns every repetition, and only it knows whether one is safe.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        // Shorter than what servers grant: a create sent into a connection that is being closed has an unknown outcome.
        configuration.connectionPool.idleTimeout = .seconds(5)
        // A redirected create could be sent twice, and a redirected key could go astray; downloads follow by hand.
        configuration.redirectConfiguration = .disallow
        calls = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        configuration.timeout.read = .milliseconds(limits.download.idleMilliseconds)
        downloads = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    /// Closes all connections.
    ///
    /// - Throws: `HTTPClientError`.
    package func shutdown() async throws {
        try await calls.shutdown()
        try await downloads.shutdown()
    }
}

/// How long the calls to a provider may take, in milliseconds.
package struct ProviderTimeLimits: Sendable {
    /// Making a connection.
    package var connectMilliseconds: Int64 = 5_000
    /// A create from beginning to end.
    package var createMilliseconds: Int64 = 30_000
    /// A poll, or one page of a listing, from beginning to end.
    package var readMilliseconds: Int64 = 15_000
    /// The download of a video.
    package var download = DownloadLimits.video
    /// The download of a still image.
    package var image = DownloadLimits.image

    /// The limits of production.
    package init() {}
}
