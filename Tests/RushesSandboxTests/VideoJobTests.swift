import Testing

@testable import RushesSandbox

@Suite struct VideoJobTests {
    static func job(_ prompt: String, id: String = "video_1", deadline: Int64? = nil, speed: Double = 1) throws
        -> VideoJob
    {
        let request = try VideoRequest(fields: .init(prompt: prompt, size: "1280x720"))
        return VideoJob(
            id: id, request: request, markers: PromptMarkers(prompt: prompt), deadline: deadline, createdAt: 1_000_000,
            speed: speed, seed: 7)
    }

    @Test(arguments: ["plain", "[sim:fail]", "[sim:moderation]", "[sim:500]", "[sim:timeout]", "[sim:unknown-status]"])
    func aStatusNeverMovesBackwards(prompt: String) throws {
        let job = try Self.job(prompt)
        let order: [VideoJob.Status: Int] = [
            .queued: 0, .inProgress: 1, .pausedUpstream: 1, .completed: 2, .failed: 2,
        ]
        var latest = job.state(at: job.createdAt)
        #expect(latest == .init(status: .queued, progress: 0, endedAt: nil, failure: nil))
        for second in 1...600 {
            let state = job.state(at: job.createdAt + Int64(second) * 1000)
            let (rank, latestRank) = (try #require(order[state.status]), try #require(order[latest.status]))
            #expect(rank >= latestRank)
            #expect(state.progress >= latest.progress)
            #expect((state.status == .completed) == (state.progress == 100))
            latest = state
        }
    }

    @Test(arguments: [
        ("plain", VideoJob.Status.completed, String?.none), ("[sim:fail]", .failed, "video_generation_failed"),
        ("[sim:moderation]", .failed, "moderation_blocked"), ("[sim:500]", .failed, "server_error"),
        ("[sim:timeout]", .inProgress, nil), ("[sim:late]", .inProgress, nil),
        ("[sim:unknown-status]", .pausedUpstream, nil), ("[sim:nonsense] [sim:", .completed, nil),
    ])
    func markersDecideTheEnd(prompt: String, status: VideoJob.Status, code: String?) throws {
        let state = try Self.job(prompt).state(at: 1_000_000 + 3_600_000)
        #expect(state.status == status)
        #expect(state.failure?.code == code)
    }

    @Test func failuresComeBeforeTheUsualEnd() throws {
        for prompt in ["[sim:fail]", "[sim:moderation]", "[sim:500]"] {
            let job = try Self.job(prompt)
            let endsAt = try #require(job.endsAt)
            #expect(endsAt < job.usuallyEndsAt)
        }
    }

    @Test func lateEndsThirtySecondsAfterTheDeadlineAtAnySpeed() throws {
        let job = try Self.job("[sim:late]", deadline: 1_120_000, speed: 20)
        #expect(job.endsAt == 1_150_000)
        #expect(job.state(at: 1_149_999).status == .inProgress)
        #expect(job.state(at: 1_150_000).status == .completed)
    }

    @Test func slowIsNotDividedBySpeed() throws {
        #expect(try Self.job("[sim:slow=90.5]", speed: 20).endsAt == 1_090_500)
    }

    @Test func speedDividesTheSameDraw() throws {
        let slow = try #require(try Self.job("plain").endsAt) - 1_000_000
        let fast = try #require(try Self.job("plain", speed: 20).endsAt) - 1_000_000
        #expect(abs(slow / 20 - fast) <= 1)
    }

    @Test(arguments: [("sora-2", 70.0, 105.0), ("veo-pro", 100.0, 240.0)])
    func latenciesFollowTheirDistribution(model: String, median: Double, p95: Double) throws {
        let profile = try #require(UpstreamModel.named(model)).latency
        let size = try #require(VideoSize(wireText: "1280x720"))
        var generator = SplitMix64(seed: 1)
        let totals = (0..<4000).map { _ in
            profile.draw(seconds: 4, size: size, using: &generator).totalMilliseconds / 1000
        }.sorted()
        #expect(abs(totals[2000] / median - 1) < 0.05)
        #expect(abs(totals[3800] / p95 - 1) < 0.08)
    }

    @Test func equalSeedsDrawEqualLives() throws {
        #expect(try Self.job("plain", id: "video_9") == Self.job("plain", id: "video_9"))
        #expect(try Self.job("plain", id: "video_9").endsAt != Self.job("plain", id: "video_8").endsAt)
    }

    @Test(arguments: [
        ("1795460000000", Int64?.some(1_795_460_000_000)), ("2026-11-23T22:13:20Z", 1_795_472_000_000),
        ("2026-11-23T22:13:20.250Z", 1_795_472_000_250), ("tomorrow", nil),
    ])
    func deadlinesAreReadInBothForms(text: String, milliseconds: Int64?) {
        #expect(DeadlineHeader.parse(text) == milliseconds)
    }

    @Test func pollHintsFollowTheRestOfTheTime() throws {
        let job = try Self.job("[sim:slow=60]")
        #expect(PollHint.milliseconds(job, at: 1_000_000) == 5000)
        #expect(PollHint.milliseconds(job, at: 1_059_900) == 100)
        #expect(PollHint.milliseconds(job, at: 1_059_000) == 1000)
        #expect(PollHint.milliseconds(job, at: 1_070_000) == 50)
    }

    @Test func runningJobsCountExactly() throws {
        var running = RunningJobs()
        for (second, life) in [(0, 30), (5, 5), (6, 100), (12, 1)] {
            running.add(try Self.timed(createdAt: Int64(second), endsAt: Int64(second + life)))
        }
        #expect(running.peak == 3)
        #expect(running.count(at: 12) == 3)
        #expect(running.count(at: 13) == 2)
        #expect(running.count(at: 30) == 1)
        #expect(running.count(at: 106) == 0)
    }

    private static func timed(createdAt: Int64, endsAt: Int64) throws -> VideoJob {
        VideoJob(
            id: "video_\(createdAt)", model: "sora-2", prompt: "p", seconds: 4,
            size: try #require(VideoSize(wireText: "1280x720")), createdAt: createdAt, startsAt: createdAt,
            endsAt: endsAt, usuallyEndsAt: endsAt, ending: .completed, content: .corrupt)
    }
}
