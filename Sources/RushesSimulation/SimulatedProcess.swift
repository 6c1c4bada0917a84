import RushesCore
import RushesDatabase
import RushesEngine
import Synchronization

/// One process of the world: the ports of its engine lead through it, so that it can die or be stopped at each of them.
final class SimulatedProcess: Sendable {
    private struct State {
        var isDead = false
        var gate: CheckedContinuation<Void, Never>?
        var resumeBy: Timestamp?
        var resumeNotBefore: Timestamp?
        var writes = 0
        var isImmune = false
    }

    let name: String
    private let state = Mutex(State())
    private let database: any Database
    private let provider: ScriptedProvider
    private let chance: SeededChance
    private let clock: ManualClock
    private let parked: @Sendable () -> Void
    private let bug: PlantedBug?

    init(
        _ name: String, database: any Database, provider: ScriptedProvider, chance: SeededChance, clock: ManualClock,
        bug: PlantedBug?, parked: @escaping @Sendable () -> Void
    ) {
        self.name = name
        self.database = database
        self.provider = provider
        self.chance = chance
        self.clock = clock
        self.bug = bug
        self.parked = parked
    }

    /// True while it is stopped somewhere.
    var isParked: Bool { state.withLock { $0.gate != nil } }
    /// True when it is stopped and may go on.
    func mayGoOn(at now: Timestamp) -> Bool {
        state.withLock { $0.gate != nil && ($0.resumeNotBefore.map { $0 <= now } ?? true) }
    }
    /// The latest moment at which it has to go on; nil when it may be stopped for ever.
    var resumeBy: Timestamp? { state.withLock { $0.gate == nil ? nil : $0.resumeBy } }
    /// Transactions that it has committed since this was last asked.
    func takeWrites() -> Int {
        state.withLock { state in
            defer { state.writes = 0 }
            return state.writes
        }
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// Nothing happens to it any more.
    func protect() { state.withLock { $0.isImmune = true } }

    /// Ends it: everything that it does from now on fails.
    func kill() { state.withLock { $0.isDead = true } }

    /// Lets it go on.
    func resume() {
        let gate = state.withLock { state in
            defer { state.gate = nil }
            return state.gate
        }
        gate?.resume()
    }

    private func happens(_ permille: Int) -> Bool {
        !state.withLock { $0.isImmune } && chance.happens(permille)
    }

    /// Stops here, perhaps, until the scheduler lets it go on.
    private func pause(atMost milliseconds: Int64?) async {
        guard happens(provider.rates.pause) else { return }
        let until = milliseconds.map { clock.now.adding(milliseconds: $0) }
        // Some stops outlast every lease.
        let from =
            milliseconds == nil && chance.happens(300)
            ? clock.now.adding(milliseconds: chance.between(Int64(20_000), 100_000)) : nil
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.gate = continuation
                state.resumeBy = until
                state.resumeNotBefore = from
            }
            parked()
        }
    }

    private func dieIfDead() throws {
        if isDead { throw SimulatedCrash() }
    }
}

extension SimulatedProcess: Database {
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result {
        try dieIfDead()
        return try await database.read(body)
    }

    func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        await pause(atMost: nil)
        try dieIfDead()
        let rates = provider.rates
        let fate = happens(rates.crash) ? Fate.crash : happens(rates.database) ? .error : .none
        let isBefore = fate == .none || chance.happens(500)
        let bug = bug
        let result = try await database.write(in: group) { transaction in
            let result = try body(bug.map { BuggyTransaction(transaction, $0) } ?? transaction)
            if isBefore { try self.meet(fate, .connectionLost) }
            return result
        }
        state.withLock { $0.writes += 1 }
        if !isBefore { try meet(fate, .commitOutcomeUnknown) }
        await pause(atMost: nil)
        try dieIfDead()
        return result
    }

    private enum Fate { case none, crash, error }

    private func meet(_ fate: Fate, _ kind: DatabaseError.Kind) throws {
        switch fate {
        case .none: return
        case .crash:
            kill()
            throw SimulatedCrash()
        case .error: throw DatabaseError(kind, Self.scripted)
        }
    }

    /// The message of an error that the world itself has made.
    static let scripted = "simulated"
}

extension SimulatedProcess: VideoProvider {
    /// The adapter's own limit on a call, which is shorter than what the lease must have left.
    private static let callMilliseconds: Int64 = 30_000

    func submit(_ submission: Submission) async -> SubmitOutcome {
        let isEarly = chance.happens(500)
        if isEarly { await pause(atMost: Self.callMilliseconds) }
        if isDead || happens(provider.rates.crash) {
            kill()
            provider.submitByTheDead(submission)
            return .unknown(ProviderFault(.timeout, message: Self.scripted))
        }
        var outcome = provider.answer(submission)
        if bug == .retriesCreatesItself, case .unknown = outcome { outcome = provider.answer(submission) }
        if !isEarly { await pause(atMost: Self.callMilliseconds) }
        return outcome
    }

    func poll(_ job: ProviderJobID) async -> PollOutcome {
        await pause(atMost: nil)
        let outcome = provider.answer(pollOf: job)
        if bug == .believesAnyAnswer, case .running = outcome { return .completed }
        return outcome
    }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] {
        await pause(atMost: nil)
        if bug == .resubmitsWithoutLooking { return [] }
        return try provider.listing(since: since)
    }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        for event in try provider.parts(of: job) {
            await pause(atMost: nil)
            try dieIfDead()
            try await consume(event)
        }
    }
}
