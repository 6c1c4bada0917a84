import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

extension World {
    /// Plays so many steps, then lets everything end in peace.
    func play(_ steps: Int) async throws -> SimulationReport {
        let began = clock.now
        for number in 1...steps {
            step = number
            try await act()
            try await checkWhatWasTouched()
            if number % 64 == 0 { try await checkEverything() }
        }
        let rates = provider.rates
        try await endInPeace()
        if hasRemovals { try await removeTasks(under: rates) }
        report.steps = steps
        report.virtualMilliseconds = clock.now.milliseconds(since: began)
        report.pauses = seen.pauses
        return try await summed(report)
    }

    /// Lets somebody do something.
    func act() async throws {
        switch chance.below(100) {
        case ..<68: try await stepSomeWorker()
        case ..<78: try await resumeSomebody()
        case ..<91: try await advance(by: pause())
        default: try await letClientAct()
        }
    }

    private func pause() -> Int64 {
        switch chance.below(100) {
        case ..<55: chance.between(Int64(1), 300)
        case ..<85: chance.between(Int64(300), 3_000)
        case ..<98: chance.between(Int64(3_000), 30_000)
        default: chance.between(Int64(30_000), 400_000)
        }
    }

    private func stepSomeWorker() async throws {
        let idle = actors.indices.filter { !actors[$0].isBusy && actors[$0].role != .client }
        guard !idle.isEmpty else { return try await resumeSomebody() }
        try await stepWorker(chance.choice(of: idle))
    }

    func stepWorker(_ number: Int) async throws {
        guard let worker = actors[number].role.worker(actors[number].engine) else { return }
        try await start(number, Work(name: worker.name) { try await worker.step() })
    }

    /// Lets an actor run until its work ends or it is stopped.
    func start(_ number: Int, _ work: Work, epilogue: ClientCall? = nil) async throws {
        actors[number].isBusy = true
        actors[number].epilogue = epilogue
        performers[number].start(work)
        try await take(stage.next())
    }

    private func resumeSomebody() async throws {
        let parked = actors.indices.filter { actors[$0].process.mayGoOn(at: clock.now) }
        guard !parked.isEmpty else { return }
        let number = chance.choice(of: parked)
        if chance.happens(provider.rates.crash) { actors[number].process.kill() }
        try await resume(number)
    }

    func resume(_ number: Int) async throws {
        trace.note("\(step) \(label(number)) goes on")
        actors[number].process.resume()
        try await take(stage.next())
    }

    /// Moves the clock; whoever must go on before the new time goes on at its time, and refunds are posted when a
    /// steady Settler is there to post them.
    func advance(by milliseconds: Int64) async throws {
        let target = clock.now.adding(milliseconds: milliseconds)
        trace.note("\(step) time +\(milliseconds) ms")
        while true {
            let mustGoOn = actors.indices.compactMap { number in
                actors[number].process.resumeBy.map { (at: $0, number: number) }
            }.min { ($0.at, $0.number) < ($1.at, $1.number) }
            let settles = isSettledSteadily ? try await nextSettlement() : nil
            let next = [mustGoOn?.at, settles, target].compactMap { $0 }.min() ?? target
            if next > clock.now { clock.advance(milliseconds: next.milliseconds(since: clock.now)) }
            if let mustGoOn, mustGoOn.at <= next {
                try await resume(mustGoOn.number)
            } else if let settles, settles <= next {
                try await stepWorker(actors.count - 1)
            } else {
                return
            }
            try await checkWhatWasTouched()
        }
    }

    /// When the steady Settler posts next: at most a loop's pause after a posting is due.
    private func nextSettlement() async throws -> Timestamp? {
        let due = try await database.read { reader in
            try reader.query("SELECT MIN(settle_due_at) FROM batch WHERE settle_due_at IS NOT NULL", [])[0]
                .optionalInteger(0)
        }
        return due.map { max(clock.now, Timestamp(milliseconds: $0 + 250)) }
    }

    private func take(_ event: Stage.Event) async throws {
        switch event {
        case .parked(let number):
            seen.pauses += 1
            trace.note("\(step) \(label(number)) is stopped")
        case .finished(let number, let ending):
            trace.note("\(step) \(label(number)) \(ending)")
            actors[number].isBusy = false
            try await take(ending, of: number)
        }
    }

    private func take(_ ending: Work.Ending, of number: Int) async throws {
        let epilogue = actors[number].epilogue
        actors[number].epilogue = nil
        seen.writes += actors[number].process.takeWrites()
        switch ending {
        case .done(let count): if count > 0 { report.productiveSteps += 1 }
        case .crashed:
            report.crashes += 1
            actors[number] = actor(number)
        case .brokeOff: report.brokenTransactions += 1
        case .failed(let text): throw fail([text])
        }
        if actors[number].process.isDead { actors[number] = actor(number) }
        if let epilogue { try await check(epilogue) }
    }

    func label(_ number: Int) -> String { "\(actors[number].role)#\(number)" }

    func fail(_ violations: [String]) -> SimulationFailure {
        SimulationFailure(seed: seed, step: step, violations: violations, events: trace.last)
    }
}
