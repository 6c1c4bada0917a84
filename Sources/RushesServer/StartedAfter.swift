import ServiceLifecycle

/// A service that starts when another one is ready: the API is not there before the operators' socket is, so that
/// whoever has seen the one can use the other.
struct StartedAfter: Service {
    let ready: AsyncStream<Void>
    let service: any Service

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in ready {}
        }
        if Task.isShuttingDownGracefully { return }
        try await service.run()
    }
}
