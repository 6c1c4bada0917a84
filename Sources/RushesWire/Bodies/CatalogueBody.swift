/// A catalogue: models with prices and routes, and the packages.
public struct CatalogueBody: Codable, Sendable, Equatable {
    /// The version; only in answers.
    public var version: Int?
    /// From when the version is in force; only in answers. RFC 3339 with milliseconds.
    public var inForceFrom: String?
    /// The models.
    public var models: [CatalogueModelBody]
    /// The packages.
    public var packages: [PackageBody]

    /// The body from its members, in the order of the fields.
    public init(version: Int? = nil, models: [CatalogueModelBody], packages: [PackageBody]) {
        self.version = version
        self.models = models
        self.packages = packages
    }

    private enum CodingKeys: String, CodingKey {
        case version
        case inForceFrom = "in_force_from"
        case models
        case packages
    }
}

/// A model as operators see it.
public struct CatalogueModelBody: Codable, Sendable, Equatable {
    /// The name that customers use.
    public var id: String
    /// The name for people.
    public var displayName: String
    /// Price of one video.
    public var unitPriceMicros: Int64
    /// Tasks in a batch at least.
    public var minBatch: Int
    /// Tasks in a batch at most.
    public var maxBatch: Int
    /// Allowed lengths; the first is the default.
    public var seconds: [Int]
    /// Allowed sizes; the first is the default.
    public var sizes: [String]
    /// The promise, from dispatch.
    public var slaSeconds: Int
    /// The hard end, from dispatch.
    public var deadlineSeconds: Int
    /// Who makes the videos.
    public var route: RouteBody
    /// Who makes them when that route cannot, in the order in which they are tried; absent when there is nobody.
    public var fallbackRoutes: [RouteBody]?
    /// `resubmit_once` or `fail`.
    public var unknownCreatePolicy: String
    /// `active` or `retired`.
    public var state: String
    /// What comes back when too few of a month's videos came in time, the mildest step first; absent for nothing.
    public var slaCredits: [ServiceCreditStepBody]?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, displayName: String, unitPriceMicros: Int64, minBatch: Int, maxBatch: Int,
        seconds: [Int], sizes: [String], slaSeconds: Int, deadlineSeconds: Int, route: RouteBody,
        fallbackRoutes: [RouteBody]? = nil, unknownCreatePolicy: String, state: String,
        slaCredits: [ServiceCreditStepBody]? = nil
    ) {
        self.id = id
        self.displayName = displayName
        self.unitPriceMicros = unitPriceMicros
        self.minBatch = minBatch
        self.maxBatch = maxBatch
        self.seconds = seconds
        self.sizes = sizes
        self.slaSeconds = slaSeconds
        self.deadlineSeconds = deadlineSeconds
        self.route = route
        self.fallbackRoutes = fallbackRoutes
        self.unknownCreatePolicy = unknownCreatePolicy
        self.state = state
        self.slaCredits = slaCredits
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case displayName = "display_name"
        case unitPriceMicros = "unit_price_micros"
        case minBatch = "min_batch"
        case maxBatch = "max_batch"
        case seconds
        case sizes
        case slaSeconds = "sla_seconds"
        case deadlineSeconds = "deadline_seconds"
        case route
        case fallbackRoutes = "fallback_routes"
        case unknownCreatePolicy = "unknown_create_policy"
        case state
        case slaCredits = "sla_credits"
    }
}

/// A step of what comes back when too few of a month's videos came in time.
public struct ServiceCreditStepBody: Codable, Sendable, Equatable {
    /// The step counts when the part in time is below so many ten thousandths.
    public var belowBasisPoints: Int
    /// Ten thousandths of what the month's videos cost that come back.
    public var creditBasisPoints: Int

    /// The body from its members, in the order of the fields.
    public init(belowBasisPoints: Int, creditBasisPoints: Int) {
        self.belowBasisPoints = belowBasisPoints
        self.creditBasisPoints = creditBasisPoints
    }

    private enum CodingKeys: String, CodingKey {
        case belowBasisPoints = "below_basis_points"
        case creditBasisPoints = "credit_basis_points"
    }
}

/// A provider account with the lane's limits.
public struct RouteBody: Codable, Sendable, Equatable {
    /// The provider account's name.
    public var provider: String
    /// The provider's own name of the model.
    public var model: String
    /// Jobs running at the same time, at most.
    public var maxInFlight: Int
    /// Creates per minute, at most.
    public var createsPerMinute: Int
    /// What the provider asks for one generation, in micro-US-dollars; missing when it is not known.
    public var costMicros: Int64?
    /// True for a provider that bills a generation that it did not finish as well.
    public var isBilledOnFailure: Bool?
    /// What is sent with each create besides, by the provider's names; absent when there is nothing.
    public var parameters: [String: RouteParameterBody]?

    /// The body from its members, in the order of the fields.
    public init(
        provider: String, model: String, maxInFlight: Int, createsPerMinute: Int, costMicros: Int64? = nil,
        isBilledOnFailure: Bool? = nil, parameters: [String: RouteParameterBody]? = nil
    ) {
        self.parameters = parameters
        self.provider = provider
        self.model = model
        self.maxInFlight = maxInFlight
        self.createsPerMinute = createsPerMinute
        self.costMicros = costMicros
        self.isBilledOnFailure = isBilledOnFailure
    }

    private enum CodingKeys: String, CodingKey {
        case provider
        case model
        case maxInFlight = "max_in_flight"
        case createsPerMinute = "creates_per_minute"
        case costMicros = "cost_micros"
        case isBilledOnFailure = "is_billed_on_failure"
        case parameters
    }
}

/// The value of a route's parameter: a string, an integer, or true or false.
public enum RouteParameterBody: Codable, Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)

    /// The value that stands there.
    ///
    /// - Throws: `DecodingError` when it is none of the three.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// Writes the value alone.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        }
    }
}

/// A prepaid package.
public struct PackageBody: Codable, Sendable, Equatable {
    /// Its name, such as `pack_2000`.
    public var id: String
    /// What the customer pays, in micro-US-dollars.
    public var paidMicros: Int64
    /// What the customer gets, in micro-credits.
    public var faceMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(id: String, paidMicros: Int64, faceMicros: Int64) {
        self.id = id
        self.paidMicros = paidMicros
        self.faceMicros = faceMicros
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case paidMicros = "paid_micros"
        case faceMicros = "face_micros"
    }
}
