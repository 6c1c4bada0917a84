import RushesCore
import RushesDatabase
import RushesEngine
import RushesHTTP
import RushesStore
import Testing

/// How long a key that was revoked goes on to work, and what a key costs.
@Suite("API keys")
struct AuthenticationTests {
    @Test("a revoked key stops within the named time, a new one works at once")
    func revocation() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            #expect(try await client.get("/v1/wallet").status == 200)
            try await world.engine.database.write { transaction in
                try transaction.execute(
                    "UPDATE api_key SET revoked_at = $1 WHERE organization_id = $2",
                    [.integer(transaction.now.milliseconds), .text(world.first.organization.rawValue)])
            }
            world.clock.advance(milliseconds: Limits.apiKeyRememberedMilliseconds)
            #expect(try await client.get("/v1/wallet").problem == "401 invalid_api_key")
            #expect(Limits.apiKeyRememberedMilliseconds <= 5_000)
            // Nobody remembers that a key is unknown.
            let later = try await OperatorService(world.engine).createKey(for: world.first.organization, label: "new")
            #expect(try await client.with(key: later.secret.text).get("/v1/wallet").status == 200)
            #expect(try await client.with(key: world.second.key).get("/v1/wallet").status == 200)
        }
    }

    @Test("a caller who asks often costs one look-up, and gets no other organization's answers")
    func cost() async throws {
        let world = try await EdgeWorld.make()
        let database = SwitchedDatabase(world.engine.database)
        let engine = Engine(
            database: database, blobs: world.engine.blobs, providers: world.engine.providers,
            environment: world.engine.environment, logger: world.engine.logger, fanOutWidth: 1)
        let access = AccessService(engine)
        for customer in [world.first, world.second] {
            for _ in 0..<3 {
                #expect(try await access.authenticate(customer.key)?.organization == customer.organization)
            }
        }
        #expect(database.readCount == 2)
        #expect(try await access.authenticate("rsh_live_nobody") == nil)
        #expect(try await access.authenticate("rsh_live_nobody") == nil)
        #expect(database.readCount == 4)
        // A clock that was set back makes nothing older.
        world.clock.advance(milliseconds: -60_000)
        #expect(try await access.authenticate(world.first.key) != nil)
        #expect(database.readCount == 5)
    }
}
