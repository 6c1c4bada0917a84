import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

/// A world with endpoints and a receiver that tests script.
struct WebhookWorld: Sendable {
    let world: EngineWorld
    let receiver: ScriptedReceiver
    let tools: WebhookTools

    var service: WebhookService { WebhookService(world.engine, tools) }

    init(_ world: EngineWorld, delay: @escaping @Sendable () async -> Void = {}) {
        self.world = world
        receiver = ScriptedReceiver(now: { world.clock.now }, delay: delay)
        tools = .testing(world.engine, receiver)
    }

    /// Runs `work` in a new world.
    static func with(_ work: (WebhookWorld) async throws -> Void) async throws {
        try await EngineWorld.with { world in
            try await world.topUp(1_000_000_000)
            try await work(WebhookWorld(world))
        }
    }

    /// Makes an endpoint; the secret is its text.
    @discardableResult
    func endpoint(
        _ types: [String] = ["*"], profile: RetryProfile = .contract, url: String = "https://hooks.example.com/in",
        of organization: OrganizationID? = nil
    ) async throws -> (endpoint: WebhookEndpoint, secret: String) {
        var change = WebhookEndpointChange()
        change.url = url
        change.eventTypes = types
        change.profile = profile
        change.maxPerSecond = 100
        change.maxInFlight = 32
        let made = try await service.create(change, for: organization ?? world.organization)
        return (made.endpoint, made.secret.text)
    }

    /// Writes events into the feed, as the state changes would.
    func write(_ count: Int, _ type: EventType = .walletToppedUp) async throws {
        let (organization, ids) = (world.organization, world.engine.environment.ids)
        try await world.database.write { transaction in
            try transaction.append(
                (0..<count).map { _ in Event(type) }, to: organization, ids: ids)
        }
    }

    /// Steps the two workers until nothing is due.
    func settle() async throws {
        let (announcer, courier) = (Announcer(world.engine, tools), Courier(world.engine, tools))
        while try await announcer.step() + courier.step() > 0 {}
    }

    /// Lets time pass, with new workers at every step, as after a restart.
    func run(seconds: Int64, stepSeconds: Int64 = 1) async throws {
        try await settle()
        for _ in 0..<(seconds / stepSeconds) {
            world.clock.advance(seconds: stepSeconds)
            try await settle()
        }
    }

    func deliveries(
        to endpoint: WebhookEndpoint, _ state: WebhookDelivery.State? = nil
    ) async throws -> [WebhookDelivery] {
        let id = endpoint.id
        return try await world.database.read { reader in
            try reader.webhookDeliveries(to: id, before: nil, state: state, limit: 100_000)
        }
    }

    func health(of endpoint: WebhookEndpoint) async throws -> EndpointHealth {
        try await service.endpoint(endpoint.id, of: endpoint.organization).health
    }
}
