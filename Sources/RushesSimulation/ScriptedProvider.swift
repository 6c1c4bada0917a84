import RushesCore
import RushesEngine
import Synchronization

/// A provider of the simulated world: it remembers every create, and misbehaves as its rates say.
final class ScriptedProvider: Sendable {
    /// A job that the provider really has.
    struct Job: Sendable {
        let id: ProviderJobID
        let submission: Submission
        /// When the provider says that it was created.
        let createdAt: Timestamp
        /// From when on the listing shows it.
        let listedFrom: Timestamp
        /// When it ends; nil when never.
        let endsAt: Timestamp?
        /// What it ends with; nil for a video.
        let fault: ProviderFault?
        /// A word that no client knows, instead of `running`.
        let unfamiliarStatus: String?
    }

    /// What the provider knows of one create, and what it told.
    struct Create: Sendable {
        /// What the caller was told.
        enum Told: Sendable {
            case accepted
            case notAccepted
            case unknown
        }

        let submission: Submission
        let told: Told
        let job: ProviderJobID?
        let at: Timestamp
    }

    struct State {
        var jobs: [ProviderJobID: Job] = [:]
        var order: [ProviderJobID] = []
        var creates: [Create] = []
        var rates = FaultRates()
        var weather = Weather()
    }

    let state: Mutex<State>
    let chance: SeededChance
    let clock: ManualClock

    init(rates: FaultRates, chance: SeededChance, clock: ManualClock) {
        var state = State()
        state.rates = rates
        self.state = Mutex(state)
        self.chance = chance
        self.clock = clock
    }

    /// Creates after the first `count`, for the world's checks.
    func creates(after count: Int) -> ArraySlice<Create> { state.withLock { $0.creates[count...] } }

    func job(_ id: ProviderJobID) -> Job? { state.withLock { $0.jobs[id] } }

    /// From now on things go wrong at these rates.
    func misbehave(_ rates: FaultRates) { state.withLock { $0.rates = rates } }

    /// From now on nothing new goes wrong; what stalls goes on to stall.
    func calm() { state.withLock { $0.rates = FaultRates() } }

    var rates: FaultRates { state.withLock { $0.rates } }

    /// From now on the whole provider is in this state.
    func turn(_ weather: Weather) { state.withLock { $0.weather = weather } }

    var weather: Weather { state.withLock { $0.weather } }
}

extension ScriptedProvider {
    /// Answers one create.
    func answer(_ submission: Submission) -> SubmitOutcome {
        if let refusal = weatherRefusal(of: submission) { return refusal }
        let rates = rates
        if chance.happens(rates.retirement) { return refuse(submission, .retired) }
        if chance.happens(rates.refusal) { return refuse(submission, refusal()) }
        if chance.happens(rates.lostAnswer) { return loseAnswer(submission) }
        let job = make(submission, delay: 0)
        note(submission, .accepted, job)
        return .accepted(job, pollAfterMilliseconds: chance.happens(500) ? chance.between(50, 3_000) : nil)
    }

    private func refusal() -> ProviderFault.Class {
        chance.choice(of: [
            .rateLimited, .rateLimited, .rateLimited, .transient, .transient, .quotaExhausted, .auth, .moderated,
            .permanentRequest, .permanentGeneration, .timeout, .unknown, .lost, .noEndpoint,
        ])
    }

    /// The answer to a create in an outage or above the provider's limit.
    private func weatherRefusal(of submission: Submission) -> SubmitOutcome? {
        let now = clock.now
        switch weather.outage {
        case .refusesConnections:
            note(submission, .notAccepted, nil)
            return .notAccepted(ProviderFault(.transient, message: "connection refused"))
        case .answersServerErrors:
            note(submission, .unknown, nil)
            return .unknown(ProviderFault(.transient, code: "server_error", message: "scripted outage"))
        case .refusesKey:
            note(submission, .notAccepted, nil)
            return .notAccepted(ProviderFault(.auth, code: "invalid_api_key", message: "scripted"))
        case nil: break
        }
        guard let wait = state.withLock({ $0.weather.takeToken(at: now) }) else { return nil }
        note(submission, .notAccepted, nil)
        return .notAccepted(
            ProviderFault(
                .rateLimited, code: "rate_limit_exceeded", message: "scripted storm",
                retryAfterMilliseconds: weather.tellsRetryAfter ? wait : nil))
    }

    private func refuse(_ submission: Submission, _ class: ProviderFault.Class) -> SubmitOutcome {
        note(submission, .notAccepted, nil)
        let pause = chance.happens(300) ? chance.between(Int64(100), 20_000) : nil
        return .notAccepted(
            ProviderFault(`class`, code: `class`.rawValue, message: "scripted", retryAfterMilliseconds: pause))
    }

    /// The caller hears nothing: there is a job, there is none, or there will be one in a moment.
    private func loseAnswer(_ submission: Submission) -> SubmitOutcome {
        let job: ProviderJobID? =
            switch chance.below(3) {
            case 0: make(submission, delay: 0)
            case 1: make(submission, delay: chance.between(1, 3_000))
            default: nil
            }
        note(submission, .unknown, job)
        return .unknown(ProviderFault(.timeout, message: "scripted"))
    }

    /// A create of a caller that died: the request may have arrived.
    func submitByTheDead(_ submission: Submission) {
        note(submission, .unknown, chance.happens(500) ? make(submission, delay: 0) : nil)
    }

    private func note(_ submission: Submission, _ told: Create.Told, _ job: ProviderJobID?) {
        let create = Create(submission: submission, told: told, job: job, at: clock.now)
        state.withLock { $0.creates.append(create) }
    }

    private func make(_ submission: Submission, delay: Int64) -> ProviderJobID {
        let rates = rates
        let createdAt = clock.now.adding(milliseconds: delay)
        let lag = chance.happens(rates.listing) ? chance.between(Int64(0), 4_000) : 0
        var endsAt: Timestamp? = createdAt.adding(milliseconds: chance.between(weather.shortestJob, weather.longestJob))
        var unfamiliar: String?
        if chance.happens(rates.stall) {
            switch chance.below(3) {
            case 0: endsAt = nil
            case 1: endsAt = submission.deadline.adding(milliseconds: chance.between(Int64(-2_000), 40_000))
            default:
                endsAt = nil
                unfamiliar = "meditating"
            }
        }
        let fault = chance.happens(rates.failure) ? jobFault() : nil
        let skew = chance.happens(rates.listing) ? chance.between(Int64(-4_000), 4_000) : 0
        return state.withLock { state in
            let id = ProviderJobID("job-\(state.order.count + 1)")
            state.jobs[id] = Job(
                id: id, submission: submission, createdAt: createdAt.adding(milliseconds: skew),
                listedFrom: createdAt.adding(milliseconds: lag), endsAt: endsAt, fault: fault,
                unfamiliarStatus: unfamiliar)
            state.order.append(id)
            return id
        }
    }

    private func jobFault() -> ProviderFault {
        let `class` = chance.choice(
            of: [
                .moderated, .permanentGeneration, .permanentRequest, .transient, .transient, .timeout, .unknown,
                .rateLimited,
                .quotaExhausted, .retired, .auth,
            ] as [ProviderFault.Class])
        let wait = chance.happens(300) ? chance.between(Int64(100), 20_000) : nil
        return ProviderFault(
            `class`, code: `class`.rawValue, message: "scripted", retryAfterMilliseconds: wait)
    }
}
