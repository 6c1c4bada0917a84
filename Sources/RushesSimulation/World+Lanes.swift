import RushesCore
import RushesDatabase
import RushesStore
import Synchronization

extension World {
    /// An operator stops a lane, lets it run again, or gives it limits of its own.
    func changeLane() async throws {
        let lanes = try await database.read { reader in try reader.lanes().map(\.id) }
        let lane = chance.choice(of: lanes)
        if chance.happens(300) {
            let limits = LaneLimits(
                maxInFlight: chance.happens(600) ? chance.between(1, 10) : nil,
                createsPerMinute: chance.happens(300) ? chance.choice(of: [10, 600]) : nil)
            trace.note("\(step) \(lane) has limits \(limits)")
            _ = try await database.write { transaction in try transaction.limit(lane, limits) }
        } else {
            let control: Lane.Control = chance.choice(of: [.running, .running, .running, .paused, .killed])
            trace.note("\(step) \(lane) is \(control)")
            _ = try await database.write { transaction in try transaction.control(lane, control) }
        }
        seen.writes += 1
    }

    /// The provider as a whole limits its creates, fails, or is itself again.
    func changeWeather() {
        var weather = Weather()
        if chance.happens(provider.rates.weather) {
            weather.createsPerMinute = chance.happens(500) ? chance.choice(of: [3, 30, 300]) : nil
            weather.tellsRetryAfter = chance.happens(500)
            weather.outage = chance.happens(400) ? chance.choice(of: Weather.Outage.allCases) : nil
        }
        trace.note("\(step) weather \(weather)")
        provider.turn(weather)
    }

    /// The provider sends a webhook about one of its last jobs, whether it has ended or not.
    func hint() async throws {
        let jobs = provider.state.withLock { Array($0.order.suffix(20)) }
        guard !jobs.isEmpty else { return }
        let job = chance.choice(of: jobs)
        trace.note("\(step) webhook about \(job)")
        let owner = try await database.read { reader in try reader.owner(of: job, at: "sim") }
        guard let owner else { return }
        _ = try await database.write { transaction in
            try transaction.lookNow(at: job, of: owner.task, attempt: owner.number)
        }
        seen.writes += 1
    }

    /// No operator holds anything up any more.
    func letLanesRun() async throws {
        try await database.write { transaction in
            for lane in try transaction.lanes() {
                _ = try transaction.control(lane.id, .running)
                _ = try transaction.limit(lane.id, LaneLimits(maxInFlight: nil, createsPerMinute: nil))
            }
        }
        seen.writes += 1
    }
}
