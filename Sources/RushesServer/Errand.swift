import ServiceLifecycle

/// Work that a server is started for: it begins when requests are answered, and its end is the server's.
struct Errand: Service {
    private let work: @Sendable (_ port: Int) async throws -> Void
    private let ports: AsyncStream<Int>
    private let port: AsyncStream<Int>.Continuation

    init(_ work: @escaping @Sendable (_ port: Int) async throws -> Void) {
        self.work = work
        (ports, port) = AsyncStream.makeStream(of: Int.self)
    }

    /// Says that requests are answered.
    func begin(_ number: Int) {
        port.yield(number)
        port.finish()
    }

    func run() async throws {
        for await number in ports.cancelOnGracefulShutdown() { try await work(number) }
    }
}
