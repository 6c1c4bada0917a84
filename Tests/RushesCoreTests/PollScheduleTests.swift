import RushesCore
import Testing

@Suite struct PollScheduleTests {
    /// Completion times in milliseconds, as a seed repeats them: log-normal, from the sum of twelve even chances.
    private static func times(median: Double, spread: Double, count: Int, seed: UInt64) -> [Int64] {
        var chance = Chance(seed: seed)
        return (0..<count).map { _ in
            let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double(chance.below(1_000_000)) / 1_000_000 }
            return Int64(median * exponential(normal * spread))
        }
    }

    /// e to a power, by halving and the first terms of its series: Core's tests import no mathematics.
    private static func exponential(_ power: Double) -> Double {
        let part = power / 1_024
        var value = 1 + part + part * part / 2 + part * part * part / 6
        for _ in 0..<10 { value *= value }
        return value
    }

    private struct Outcome: CustomStringConvertible {
        var polls = 0
        var delay: Int64 = 0
        let jobs: Int

        var description: String {
            "\(polls * 10 / jobs / 10).\(polls * 10 / jobs % 10) polls a job, "
                + "\(delay / Int64(jobs)) ms until it is seen"
        }
    }

    private func fixed(_ times: [Int64]) -> Outcome {
        var outcome = Outcome(jobs: times.count)
        for time in times {
            let looks = (time + 4_999) / 5_000
            outcome.polls += Int(looks)
            outcome.delay += looks * 5_000 - time
        }
        return outcome
    }

    /// The same jobs by the schedule that learns from them, beginning with nothing: what it knows of a job is only at
    /// which look it had ended.
    private func learned(_ times: [Int64], seed: UInt64) -> (Outcome, CompletionTimes) {
        var chance = Chance(seed: seed)
        var known = CompletionTimes()
        var outcome = Outcome(jobs: times.count)
        for (number, time) in times.enumerated() {
            let schedule = PollSchedule(times: known)
            let isScout = number % 8 == 0
            var age: Int64 = 0
            while age < time {
                let jitter = Int64(chance.below(1_000))
                let next = schedule.next(
                    at: moment(age), age: age, hint: nil, deadline: nil, isScout: isScout, jitterPermille: jitter)
                age = next.milliseconds(since: moment(0))
                outcome.polls += 1
            }
            outcome.delay += age - time
            if isScout || !known.isTelling { known.record(milliseconds: schedule.likelyEnd(seenAt: age)) }
        }
        return (outcome, known)
    }

    @Test(
        arguments: [
            ("short clips, median 70 s", 70_000, 0.275), ("long clips, median 180 s with a long tail", 180_000, 0.6),
            ("a fast model, median 25 s", 25_000, 0.35), ("nearly constant, 60 s", 60_000, 0.03),
        ] as [(String, Double, Double)])
    func itLooksLessOftenAndSeesSoonerThanEachFiveSeconds(name: String, median: Double, spread: Double) {
        let times = Self.times(median: median, spread: spread, count: 5_000, seed: 11)
        let (fixed, (learned, _)) = (fixed(times), learned(times, seed: 12))
        print("poll schedule, \(name): fixed 5 s: \(fixed); learned: \(learned)")
        #expect(learned.polls < fixed.polls)
        #expect(learned.delay < fixed.delay)
    }

    @Test func itFollowsAProviderThatBecomesFasterOrSlower() {
        let slow = Self.times(median: 120_000, spread: 0.2, count: 4_000, seed: 1)
        let fast = Self.times(median: 30_000, spread: 0.2, count: 4_000, seed: 2)
        for (first, second) in [(slow, fast), (fast, slow)] {
            let (_, known) = learned(first + second, seed: 3)
            let middle = second.sorted()[second.count / 2]
            #expect((middle * 8 / 10...middle * 13 / 10).contains(known.quantile(permille: 500)))
            let last = Array(second.suffix(500))
            var outcome = Outcome(jobs: last.count)
            for time in last {
                let schedule = PollSchedule(times: known)
                var age: Int64 = 0
                while age < time {
                    age = schedule.next(at: moment(age), age: age, hint: nil, deadline: nil, jitterPermille: 0)
                        .milliseconds(since: moment(0))
                }
                outcome.delay += age - time
            }
            #expect(outcome.delay / Int64(last.count) < 2_500)
        }
    }

    @Test func manyJobsAreLookedAtLessOftenAndNoneIsLeftOut() {
        let schedule = PollSchedule(jobs: 5_000, pollsPerMinute: 3_000)
        #expect(schedule.leastPauseMilliseconds == 100_000)
        let next = schedule.next(at: moment(0), age: 0, hint: 50, deadline: nil, jitterPermille: 0)
        #expect(next == moment(100_000))
        let last = schedule.next(at: moment(0), age: 0, hint: nil, deadline: moment(90_000), jitterPermille: 0)
        #expect(last == moment(90_000), "the last look is never put off")
        #expect(PollSchedule(jobs: 10, pollsPerMinute: 3_000).leastPauseMilliseconds == 200)
    }

    @Test func aPollThatIsToldToWaitWaitsButNotBeyondTheDeadline() throws {
        var task = task(.running)
        let busy = PollOutcome.unavailable(fault(.rateLimited, retryAfter: 30_000))
        _ = try task.polled(busy, at: moment(1_000), jitterPermille: 0)
        #expect(task.dueAt == moment(31_000))
        _ = try task.polled(busy, at: moment(580_000), jitterPermille: 0)
        #expect(task.dueAt == moment(600_000))
        let long = PollOutcome.unavailable(fault(.rateLimited, retryAfter: 999_999))
        _ = try task.polled(long, at: moment(1_000), jitterPermille: 0)
        #expect(task.dueAt == moment(61_000))
    }

    @Test func countsAreReadBackAsTheyWereWrittenAndStayBounded() {
        var times = CompletionTimes()
        #expect(times.text == "" && !times.isTelling)
        for seed: UInt64 in 0..<20 {
            for time in Self.times(median: 60_000, spread: 2, count: 500, seed: seed) {
                times.record(milliseconds: time)
                #expect(times.total <= CompletionTimes.totalMax)
            }
            #expect(CompletionTimes(times.text) == times)
        }
        #expect(times.text.utf8.count < 900)
        for broken in ["", "x", "5", "5:", "-1:3", "999:3", "3:0", "3:9999", "a:b,4:7"] {
            #expect(CompletionTimes(broken).total == (broken.hasSuffix("4:7") ? 7 : 0))
        }
        var edges = CompletionTimes()
        for time: Int64 in [-5, 0, 1, 511, 512, 4_000_000, .max] { edges.record(milliseconds: time) }
        #expect(edges.total == 7 && edges.endedMilli(after: .max) == 7_000)
        #expect(edges.endedMilli(after: 0) == 0)
    }

    @Test func whatHasEndedNeverFallsWithAge() {
        var times = CompletionTimes()
        for time in Self.times(median: 60_000, spread: 0.5, count: 300, seed: 5) { times.record(milliseconds: time) }
        var last: Int64 = 0
        for age in stride(from: Int64(0), to: 400_000, by: 333) {
            let ended = times.endedMilli(after: age)
            #expect(ended >= last)
            last = ended
        }
        #expect(last == Int64(times.total) * 1_000)
    }
}
