package import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
package import RushesEngine

/// The only routes of a process that runs workers alone: liveness, readiness, metrics.
package struct HealthAPI: Sendable {
    private let environment: RushesEngine.Environment
    private let source: HealthSource

    /// The routes over a source.
    package init(_ environment: RushesEngine.Environment, source: HealthSource) {
        self.environment = environment
        self.source = source
    }

    /// A router with every route, and the list of them.
    package func router() -> (router: Router<EdgeContext>, endpoints: [EndpointDescription]) {
        EdgeRouter.make(
            environment: environment, isStopping: source.isStopping, authentication: Authentication { _ in nil }
        ) { endpoints in
            HealthRoutes(source: source).add(to: &endpoints)
        }
    }

    /// The server, ready to run in a service group; `onServerRunning` learns the address that was bound.
    package func application(
        listeningOn address: BindAddress, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> Application<RouterResponder<EdgeContext>> {
        EdgeRouter.application(
            router().router, environment, listeningOn: address, logger: logger, onServerRunning: onServerRunning)
    }
}
