import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import RushesCore
import RushesEngine
import RushesHTTP
import ServiceLifecycle
import Synchronization

/// GET of a batch through the whole edge, authenticated, against a route of Hummingbird that does nothing: same
/// process, same bytes, same client.
struct ReadMeasurement {
    let databases: BenchDatabases
    let sizes: BenchSizes

    func run() async throws -> [Figure] {
        try await databases.with("reads") { database in
            let world = try await BenchWorld.make(on: database)
            let batch = try await world.batches.create(
                BenchWorld.draft("reads", tasks: sizes.tasks), for: world.organization
            ).batch
            let path = "/v1/batches/\(batch.id)"
            let body = try await edge(world) { port in try await HTTPLoad(port: port, path: path, key: world.key).body()
            }
            var comparison = Comparison(.rate)
            comparison.addCeiling(try await bareRate(body, path))
            for _ in 0..<Self.rounds {
                comparison.add(
                    try await edge(world) { port in
                        try await HTTPLoad(port: port, path: path, key: world.key).requestsPerSecond(seconds)
                    })
                comparison.addCeiling(try await bareRate(body, path))
            }
            return [comparison.figure("GET /v1/batches/{id}, to a bare route", unit: "/s", goal: .atLeast(0.4))]
        }
    }

    private static let rounds = 5
    private var seconds: Int { max(1, sizes.seconds / 2) }

    private func edge<Result>(_ world: BenchWorld, _ work: (Int) async throws -> Result) async throws -> Result {
        let edge = RushesAPI(EdgeServices(world.engine, health: .silent))
        return try await served(
            { edge.application(listeningOn: .loopback, logger: .silent, onServerRunning: $0) }, work)
    }

    private func bareRate(_ body: String, _ path: String) async throws -> Double {
        let router = Router()
        router.get("v1/batches/:id") { _, _ in body }
        return try await served(
            {
                Application(
                    router: router, configuration: .init(address: .loopback), onServerRunning: $0, logger: .silent)
            }
        ) { port in
            try await HTTPLoad(port: port, path: path, key: "none").requestsPerSecond(seconds)
        }
    }

    /// Runs an application beside `work`, which learns its port.
    private func served<Result>(
        _ application: (@escaping @Sendable (any Channel) async -> Void) -> some Service,
        _ work: (Int) async throws -> Result
    ) async throws -> Result {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let service = application { channel in port.yield(channel.localAddress?.port ?? 0) }
        let group = ServiceGroup(services: [service], logger: .silent)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var bound: Int?
            for await number in ports {
                bound = number
                break
            }
            let result = try await work(bound ?? 0)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }
}

extension BindAddress {
    fileprivate static var loopback: BindAddress { .hostname("127.0.0.1", port: 0) }
}

extension Logger {
    fileprivate static var silent: Logger { Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension HealthSource {
    fileprivate static var silent: HealthSource {
        HealthSource(readiness: { [:] }, isStopping: { false }, metrics: { "" })
    }
}
