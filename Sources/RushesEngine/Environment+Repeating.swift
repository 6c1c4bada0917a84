import ServiceLifecycle

extension Environment {
    /// Does something again and again until the process stops, with a pause after each time that a stop cuts short.
    package func repeatUntilStopped(pauseMilliseconds: Int64, _ body: () async -> Void) async {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await body()
            // A cancelled sleep ends the loop just as a stop does.
            await cancelWhenGracefulShutdown { try? await sleep(pauseMilliseconds) }
        }
    }
}
