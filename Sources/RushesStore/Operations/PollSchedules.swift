package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// When jobs of each lane are looked at: by what the lane has learned, and by the budget of its account, which all
    /// its lanes share. Two short reads for all jobs of a step.
    package func pollSchedules() throws(DatabaseError) -> [LaneID: PollSchedule] {
        let accounts = try providerAccounts()
        let lanes = try lanes()
        var jobs: [String: Int] = [:]
        for lane in lanes { jobs[lane.id.provider, default: 0] += lane.inFlight }
        var schedules: [LaneID: PollSchedule] = [:]
        for lane in lanes {
            let account = accounts[lane.id.provider] ?? ProviderAccount(name: lane.id.provider)
            schedules[lane.id] = PollSchedule(
                times: CompletionTimes(lane.completionTimes), jobs: jobs[account.name] ?? 0,
                pollsPerMinute: account.pollsPerMinute)
        }
        return schedules
    }
}
