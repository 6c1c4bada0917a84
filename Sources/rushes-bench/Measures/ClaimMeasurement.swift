import RushesCore
import RushesDatabase
import RushesEngine
import Synchronization

/// How long the Dispatcher's claim takes, begin to commit, with few and with very many tasks waiting. The backlogs are
/// asked in turn, so that all of them see the same disk.
struct ClaimMeasurement {
    let databases: BenchDatabases
    /// The largest backlog.
    let backlog: Int
    private static let claims = 40
    private static let tasksPerClaim = 16
    private static let smallest = 1_000

    private struct Level {
        let backlog: Int
        let database: BenchDatabase
        let dispatcher: Dispatcher
        let writes: FirstWrite
        var milliseconds: [Double] = []
    }

    func run() async throws -> [Figure] {
        var levels: [Level] = []
        for backlog in [Self.smallest, backlog / 10, backlog] where levels.last.map({ $0.backlog < backlog }) ?? true {
            levels.append(try await level(backlog))
        }
        for _ in 0..<Self.claims {
            for index in levels.indices {
                levels[index].writes.start()
                let claimed = try await levels[index].dispatcher.step()
                guard claimed == Self.tasksPerClaim, let taken = levels[index].writes.milliseconds else {
                    throw BenchError("a step claimed \(claimed) of \(Self.tasksPerClaim) tasks")
                }
                levels[index].milliseconds.append(taken)
            }
        }
        for level in levels { try await level.database.remove() }
        let first = levels[0].milliseconds.median
        return levels.enumerated().map { index, level in
            let p50 = level.milliseconds.median
            return Figure(
                name: "p50 with \(level.backlog) waiting", value: p50, unit: "ms", ceiling: index == 0 ? nil : first,
                ratio: index == 0 ? nil : p50 / first, goal: index == levels.count - 1 ? .atMost(1.5) : nil,
                note: "p95 \(level.milliseconds.percentile(95).short) ms")
        }
    }

    private func level(_ backlog: Int) async throws -> Level {
        let database = try await databases.make("claims_\(backlog)")
        let world = try await BenchWorld.make(on: database)
        try await Backlog(tasks: backlog).fill(world)
        let writes = FirstWrite(database.port)
        let dispatcher = Dispatcher(BenchWorld.engine(on: writes), claimsMax: Self.tasksPerClaim)
        // The first claims read what the next ones find in memory.
        for _ in 0..<3 { _ = try await dispatcher.step() }
        return Level(backlog: backlog, database: database, dispatcher: dispatcher, writes: writes)
    }
}

/// Times the first write after `start`, which in a step of the Dispatcher is the claim.
final class FirstWrite: Database {
    private let database: any Database
    private let first = Mutex<(isAwaited: Bool, milliseconds: Double?)>((false, nil))

    init(_ database: any Database) {
        self.database = database
    }

    func start() { first.withLock { $0 = (true, nil) } }
    var milliseconds: Double? { first.withLock { $0.milliseconds } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result {
        try await database.read(body)
    }

    @discardableResult
    func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        let start = ContinuousClock.now
        let result = try await database.write(in: group, body)
        let taken = (ContinuousClock.now - start).inSeconds * 1_000
        first.withLock { first in
            if first.isAwaited { first = (false, taken) }
        }
        return result
    }
}
