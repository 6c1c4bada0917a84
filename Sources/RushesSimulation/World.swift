import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

/// A whole installation in memory: real store and engine, a provider and a blob store that misbehave, processes that
/// die and stand still, clients that repeat themselves; everything in an order that a seed decides.
///
/// One actor runs at a time. It runs until its work is done, or until it is stopped at one of its ports, and then the
/// others go on; so every interleaving of transactions and calls can happen, and each happens again for the same seed.
final class World {
    let seed: UInt64
    let clock: ManualClock
    let chance: SeededChance
    let provider: ScriptedProvider
    let blobs: SimulatedBlobs
    let database: any Database
    let stage = Stage()
    let performers: [Performer]
    let bug: PlantedBug?
    /// True when a Settler that never fails runs beside the others, as in an installation that is well.
    let isSettledSteadily: Bool
    /// True when months end in it.
    let hasMonthEnds: Bool
    /// True when banks take payments back in it: each fifth world, by its number, so that the others stay as they are.
    let hasDisputes: Bool
    /// True when tasks are removed after their time in it, at its end: each fourth world, by its number.
    let hasRemovals: Bool

    var actors: [Actor] = []
    var history = ClientHistory()
    var seen = SeenByChecks()
    var report = SimulationReport()
    var trace: Trace
    var step = 0

    /// True when deadlines are so long that leases end within them.
    let hasLongDeadlines: Bool
    /// The longest deadline of the catalogue.
    var deadlineSecondsMax: Int { hasLongDeadlines ? 300 : 60 }

    init(seed: UInt64, bug: PlantedBug?, showsTrace: Bool, on make: Simulation.DatabaseMaker) async throws {
        self.seed = seed
        self.bug = bug
        clock = ManualClock()
        chance = SeededChance(seed: seed, clock: clock)
        var rates = FaultRates(swarm: chance)
        bug?.invite(&rates)
        provider = ScriptedProvider(rates: rates, chance: chance, clock: clock)
        blobs = SimulatedBlobs(provider: provider, chance: chance, bug: bug)
        isSettledSteadily = bug == .refundsLate || chance.happens(500)
        hasLongDeadlines = bug == .swapsWithoutAttempt || chance.happens(500)
        hasMonthEnds = bug?.isOfInvoices == true || chance.happens(500)
        hasDisputes = bug?.isOfDisputes == true || seed % 5 == 0
        hasRemovals = bug == .removesUnsettledBatches || seed % 4 == 2
        trace = Trace(isShown: showsTrace)
        let clock = clock
        database = try await make { clock.now }
        let stage = stage
        performers = (0..<ActorRole.cast.count).map { Performer($0, stage) }
        for number in performers.indices { actors.append(actor(number)) }
        try await open()
    }

    /// A new process for an actor.
    func actor(_ number: Int) -> Actor {
        let role = ActorRole.cast[number]
        let stage = stage
        let process = SimulatedProcess(
            role.name, database: database, provider: provider, chance: chance, clock: clock, bug: bug,
            parked: { stage.give(.parked(actor: number)) })
        if role == .steadySettler { process.protect() }
        let clock = clock
        let engine = Engine(
            database: process, blobs: blobs, providers: ProviderDirectory(["sim": process]),
            environment: Environment(now: { clock.now }, sleep: { _ in }, ids: chance, random: chance),
            logger: Logger(label: "simulation", factory: { _ in SwiftLogNoOpLogHandler() }), fanOutWidth: 1)
        return Actor(role: role, process: process, engine: engine)
    }

    private func open() async throws {
        _ = try await Migrator(Schema.migrations).migrate(database)
        // The first entries of an installation are made without faults.
        let rates = provider.rates
        provider.calm()
        let operators = OperatorService(actors[0].engine)
        _ = try await operators.apply(.simulated(chance, hasLongDeadlines: hasLongDeadlines))
        for number in 1...chance.between(1, 3) {
            let made = try await operators.createOrganization(named: "Studio \(number)")
            let organization = made.organization
            history.keys[organization] = made.key.id
            history.organizations.append(organization)
            _ = try await operators.confirmPurchase(
                .package(chance.choice(of: ["small", "odd", "large"])), for: organization, reference: "first-\(number)")
            let limit = chance.happens(400) ? chance.between(1, 8) : nil
            _ = try await operators.limitOrganization(
                organization, weight: chance.between(1, 5), maxInFlight: limit)
        }
        provider.misbehave(rates)
        trace.note("rates \(rates)")
    }
}

/// Who acts in the world.
enum ActorRole: Sendable, Equatable {
    case dispatcher, poller, watcher, archiver, reconciler, settler, sweeper, expirer, monthEnd, client, steadySettler

    /// Two of every worker, two clients, and the Settler that never fails.
    static let cast: [ActorRole] =
        [.dispatcher, .poller, .watcher, .archiver, .reconciler, .settler, .sweeper].flatMap { [$0, $0] }
        + [.expirer, .monthEnd, .monthEnd, .client, .client, .steadySettler]

    var name: String { "\(self)" }

    func worker(_ engine: Engine) -> (any Worker)? {
        switch self {
        case .dispatcher: Dispatcher(engine, claimsMax: 5)
        case .poller: Poller(engine, pollsMax: 8)
        case .watcher: Watcher(engine)
        case .archiver: Archiver(engine)
        case .reconciler: Reconciler(engine)
        case .settler, .steadySettler: Settler(engine)
        case .sweeper: Sweeper(engine)
        case .expirer: Expirer(engine)
        case .monthEnd: MonthEnd(engine)
        case .client: nil
        }
    }
}

/// One actor with its present process.
struct Actor {
    let role: ActorRole
    let process: SimulatedProcess
    let engine: Engine
    var isBusy = false
    /// What is to be looked at when its work has ended.
    var epilogue: ClientCall?
}

/// The last events of a world.
struct Trace {
    private(set) var last: [String] = []
    let isShown: Bool

    init(isShown: Bool) { self.isShown = isShown }

    mutating func note(_ event: @autoclosure () -> String) {
        let event = event()
        if isShown { print(event) }
        last.append(event)
        if last.count > 60 { last.removeFirst(20) }
    }
}

extension Catalogue {
    /// Two models with tight lanes, one of them with a spare route, at random prices near the real ones.
    static func simulated(_ chance: SeededChance, hasLongDeadlines: Bool) -> Catalogue {
        func model(
            _ id: String, price: Int64, deadline: Int, policy: VideoModel.UnknownCreatePolicy, spare: String? = nil
        ) -> VideoModel {
            func route(_ model: String) -> ProviderRoute {
                ProviderRoute(
                    provider: "sim", model: model, maxInFlight: chance.between(2, 12),
                    createsPerMinute: chance.choice(of: [30, 120, 600, 6_000]))
            }
            return VideoModel(
                id: id, displayName: id, unitPrice: Credits(micros: price), minBatch: 3, maxBatch: 50, seconds: [4, 8],
                sizes: ["1280x720"], slaSeconds: deadline / 2, deadlineSeconds: deadline, route: route(id),
                unknownCreatePolicy: policy, fallbackRoutes: spare.map { [route($0)] } ?? [])
        }
        return Catalogue(
            models: [
                model(
                    "sora-2", price: chance.choice(of: [490_000, 490_001, 333_333]),
                    deadline: hasLongDeadlines ? 120 : 30, policy: .resubmitOnce, spare: "sora-spare"
                ),
                model(
                    "veo-pro", price: chance.choice(of: [5_990_000, 4_999_999]), deadline: hasLongDeadlines ? 300 : 60,
                    policy: .fail),
            ],
            packages: [
                PackageOffer(id: "small", paid: Dollars(micros: 7_000_000), face: Credits(micros: 11_980_000)),
                PackageOffer(id: "odd", paid: Dollars(micros: 9_999_999), face: Credits(micros: 13_333_337)),
                PackageOffer(id: "large", paid: Dollars(micros: 200_000_000), face: Credits(micros: 227_620_000)),
            ])
    }
}
