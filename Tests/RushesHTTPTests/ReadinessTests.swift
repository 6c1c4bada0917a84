import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RushesCore
import RushesDatabase
import RushesEngine
import RushesHTTP
import RushesStore
import RushesWire
import Synchronization
import Testing

/// `/readyz` says what is wrong, and never waits for it.
@Suite("Readiness")
struct ReadinessTests {
    @Test("a part that cannot be used is named with the reason, in words that give nothing away")
    func reasons() async throws {
        let world = try await EdgeWorld.make()
        let database = SwitchedDatabase(world.engine.database)
        try await world.withHealth(of: world.engine.on(database)) { client, _ in
            #expect(try await client.get("/readyz").status == 200)
            let kinds: [(DatabaseError.Kind, String)] = [
                (.connectionLost, "cannot be reached"),
                (.unavailable, "cannot be written: read-only, a standby, full or closed"),
            ]
            for (kind, text) in kinds {
                database.refuse(DatabaseError(kind, "host db-7.internal, user rushes"))
                let answer = try await client.get("/readyz")
                #expect(answer.status == 503 && answer.headers[.retryAfter] == "1")
                #expect(try answer.body(HealthBody.self).checks == ["database": text, "blobs": "ok"])
                #expect(try await client.get("/healthz").status == 200)
            }
            database.refuse(nil)
            #expect(try await client.get("/readyz").status == 200)
        }
    }

    @Test("a full disk and a schema that is behind are told apart")
    func blobsAndSchema() async throws {
        let world = try await EdgeWorld.make()
        let full = world.engine.on(world.engine.database, blobs: FullBlobStore())
        try await world.withHealth(of: full) { client, _ in
            let checks = try await client.get("/readyz").body(HealthBody.self).checks
            #expect(checks == ["database": "ok", "blobs": "no space left"])
        }
        try await world.engine.database.write { transaction in
            try transaction.execute("DELETE FROM schema_migration WHERE number > 0", [])
        }
        try await world.withHealth(of: world.engine) { client, _ in
            let text = try await client.get("/readyz").body(HealthBody.self).checks["database"]
            #expect(text == "schema version 0, this program needs \(Schema.migrations.count)")
        }
    }

    @Test("a look that does not come back is an answer too")
    func stale() async throws {
        let world = try await EdgeWorld.make()
        let readiness = Readiness(world.engine)
        #expect(readiness.report()["database"] == "not looked at yet")
        await readiness.look()
        world.clock.advance(milliseconds: 3_000)
        #expect(readiness.report() == ["database": "ok", "blobs": "ok"])
        world.clock.advance(milliseconds: 4_000)
        #expect(readiness.report() == ["database": "no answer for 7 s", "blobs": "ok"])
    }

    @Test("a process that stops is not ready, still answers, and asks for the connection to be given up")
    func stopping() async throws {
        let world = try await EdgeWorld.make()
        try await world.withHealth(of: world.engine) { client, readiness in
            #expect(try await client.get("/healthz").headers[.connection] == nil)
            readiness.leave()
            let answer = try await client.get("/readyz")
            #expect(answer.status == 503 && answer.headers[.connection] == "close")
            #expect(try answer.body(HealthBody.self).checks["process"] == "stopping")
            let alive = try await client.get("/healthz")
            #expect(alive.status == 200 && alive.headers[.connection] == "close")
        }
    }

    @Test("a process of workers has the health routes and no others")
    func workerRoutes() async throws {
        let world = try await EdgeWorld.make()
        let routes = HealthAPI(world.engine.environment, source: EdgeWorld.health(of: Readiness(world.engine)))
        #expect(routes.router().endpoints.map(\.path) == ["/healthz", "/readyz", "/metrics"])
        try await world.withHealth(of: world.engine) { client, _ in
            let models = try await client.with(key: world.first.key).get("/v1/models")
            #expect(models.problem == "404 not_found")
            let metrics = try await client.get("/metrics")
            #expect(metrics.text == "up 1\n")
        }
    }
}

extension EdgeWorld {
    /// Runs a test against the health routes of an engine.
    fileprivate func withHealth(
        of engine: Engine, _ body: @escaping @Sendable (EdgeClient, Readiness) async throws -> Void
    ) async throws {
        let readiness = Readiness(engine)
        let routes = HealthAPI(engine.environment, source: EdgeWorld.health(of: readiness))
        try await Application(router: routes.router().router, logger: engine.logger).test(.router) { client in
            try await body(EdgeClient(client: client, key: nil), readiness)
        }
    }
}

extension Engine {
    /// The same engine on another database and another blob store.
    fileprivate func on(_ database: any Database, blobs: (any BlobStore)? = nil) -> Engine {
        Engine(
            database: database, blobs: blobs ?? self.blobs, providers: providers, environment: environment,
            logger: logger, fanOutWidth: 1)
    }
}

/// A blob store without room.
private struct FullBlobStore: BlobStore {
    private static let full = BlobError(.full, "no space left on /srv/videos")

    func write(_ key: BlobKey, produce: (any BlobSink) async throws -> Void) async throws -> StoredBlob {
        throw Self.full
    }

    func length(of key: BlobKey) async throws -> Int64? { nil }
    func read(_ key: BlobKey, range: Range<Int64>, consume: ([UInt8]) async throws -> Void) async throws {}
    func delete(_ key: BlobKey) async throws {}
    func checkWritable() async throws { throw Self.full }
}

/// A database that can be switched off and counts who reads.
final class SwitchedDatabase: Database {
    private let other: any Database
    private let error = Mutex<DatabaseError?>(nil)
    private let reads = Mutex(0)

    /// How often somebody has read.
    var readCount: Int { reads.withLock { $0 } }

    init(_ other: any Database) {
        self.other = other
    }

    func refuse(_ error: DatabaseError?) {
        self.error.withLock { $0 = error }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result {
        if let error = error.withLock({ $0 }) { throw error }
        reads.withLock { $0 += 1 }
        return try await other.read(body)
    }

    @discardableResult
    func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        if let error = error.withLock({ $0 }) { throw error }
        return try await other.write(in: group, body)
    }
}
