/// One entry of the catalogue: what a model costs, takes and promises, and who makes its videos.
package struct VideoModel: Sendable, Equatable, Codable {
    /// The name that customers use.
    package let id: String
    /// The name for people.
    package let displayName: String
    /// Price of one video.
    package let unitPrice: Credits
    /// Tasks in a batch at least, unless the wallet cannot pay them any more.
    package let minBatch: Int
    /// Tasks in a batch at most.
    package let maxBatch: Int
    /// Allowed lengths in seconds; the first is the default.
    package let seconds: [Int]
    /// Allowed sizes in pixels; the first is the default.
    package let sizes: [String]
    /// The promise: 95 % of the videos within this many seconds of dispatch.
    package let slaSeconds: Int
    /// The hard end of a task, counted from dispatch.
    package let deadlineSeconds: Int
    /// Who makes the videos.
    package let route: ProviderRoute
    /// Nil in catalogues from before there were other routes, and where there are none.
    private let others: [ProviderRoute]?
    /// Where unknown creates end when the provider knows no job.
    package let unknownCreatePolicy: UnknownCreatePolicy
    /// Whether new batches are taken.
    package let state: State
    /// Nil in catalogues from before there were service credits, and where there are none.
    private let steps: [ServiceCreditStep]?

    /// Whether new batches are taken.
    package enum State: String, Sendable, Codable {
        case active
        case retired
    }

    /// What happens to a task whose create had an unknown outcome and whose job is nowhere to be found.
    package enum UnknownCreatePolicy: String, Sendable, Codable {
        /// One blind resubmission: for cheap models.
        case resubmitOnce = "resubmit_once"
        /// Fail and refund: for expensive models.
        case fail
    }

    /// What comes back when too few of a month's videos came in time, the mildest step first; empty for nothing.
    package var serviceCredits: [ServiceCreditStep] { steps ?? [] }

    /// All routes, the first one first.
    package var routes: [ProviderRoute] { [route] + (others ?? []) }

    /// A catalogue entry from its parts.
    package init(
        id: String, displayName: String, unitPrice: Credits, minBatch: Int, maxBatch: Int, seconds: [Int],
        sizes: [String],
        slaSeconds: Int, deadlineSeconds: Int, route: ProviderRoute, unknownCreatePolicy: UnknownCreatePolicy,
        state: State = .active, fallbackRoutes: [ProviderRoute] = [], serviceCredits: [ServiceCreditStep] = []
    ) {
        steps = serviceCredits.isEmpty ? nil : serviceCredits
        others = fallbackRoutes.isEmpty ? nil : fallbackRoutes
        self.id = id
        self.displayName = displayName
        self.unitPrice = unitPrice
        self.minBatch = minBatch
        self.maxBatch = maxBatch
        self.seconds = seconds
        self.sizes = sizes
        self.slaSeconds = slaSeconds
        self.deadlineSeconds = deadlineSeconds
        self.route = route
        self.unknownCreatePolicy = unknownCreatePolicy
        self.state = state
    }
}

/// How a model's videos are made: a provider account by name, the provider's model, and the lane's limits.
package struct ProviderRoute: Sendable, Equatable, Codable {
    /// The provider account's name in the configuration, such as `openai` or `sandbox`; never a secret.
    package let provider: String
    /// The provider's own name of the model.
    package let model: String
    /// Jobs running at the same time, at most.
    package let maxInFlight: Int
    /// Creates per minute, at most.
    package let createsPerMinute: Int
    /// What the provider asks for one generation; nil when the operator has not said.
    package let price: GenerationPrice?
    /// Nil in catalogues from before there were parameters, and where there are none.
    private let given: [String: RouteParameter]?

    /// What is sent with each create besides what the task asks for, by the provider's names.
    package var parameters: [String: RouteParameter] { given ?? [:] }

    private enum CodingKeys: String, CodingKey {
        case provider, model, maxInFlight, createsPerMinute, price
        case given = "parameters"
    }

    /// A route from its parts.
    package init(
        provider: String, model: String, maxInFlight: Int, createsPerMinute: Int, price: GenerationPrice? = nil,
        parameters: [String: RouteParameter] = [:]
    ) {
        given = parameters.isEmpty ? nil : parameters
        self.provider = provider
        self.model = model
        self.maxInFlight = maxInFlight
        self.createsPerMinute = createsPerMinute
        self.price = price
    }

    /// The lane of this route: provider and model share one cap, one rate and one breaker.
    package var lane: LaneID { LaneID(provider + ":" + model) }
}

/// The name of a lane: the provider's name, a colon, and the provider's model.
package struct LaneID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The text in the database.
    package let rawValue: String

    /// A lane by its text.
    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The provider account's name: what stands before the first colon.
    package var provider: String { String(rawValue.prefix { $0 != ":" }) }
    /// The provider's own name of the model: what stands after the first colon.
    package var model: String { String(rawValue.drop { $0 != ":" }.dropFirst()) }

    package var description: String { rawValue }
    package static func < (left: LaneID, right: LaneID) -> Bool { left.rawValue < right.rawValue }
}
