/// An organization, as its operator sees it.
public struct OrganizationBody: Codable, Sendable, Equatable {
    /// Always `organization`.
    public var object: String
    /// Identifier, `org_...`.
    public var id: String
    /// The name for people.
    public var name: String
    /// Its part of every lane beside the others' parts.
    public var weight: Int
    /// Jobs at the same time over all lanes, at most; null without a limit.
    @Nullable public var maxInFlight: Int?
    /// Jobs that it has now.
    public var inFlight: Int
    /// The same by lane, `provider:model`.
    public var lanes: [String: Int]
    /// When it was added; RFC 3339 with milliseconds.
    public var createdAt: String

    /// The body from its members, in the order of the fields.
    public init(
        id: String, name: String, weight: Int, maxInFlight: Int?, inFlight: Int, lanes: [String: Int], createdAt: String
    ) {
        object = "organization"
        self.id = id
        self.name = name
        self.weight = weight
        self.maxInFlight = maxInFlight
        self.inFlight = inFlight
        self.lanes = lanes
        self.createdAt = createdAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case name
        case weight
        case maxInFlight = "max_in_flight"
        case inFlight = "in_flight"
        case lanes
        case createdAt = "created_at"
    }
}

/// Sets an organization's weight and limit.
public struct OrganizationLimits: Codable, Sendable, Equatable {
    /// Its part of every lane beside the others' parts, 1 to 1,000.
    public var weight: Int
    /// Jobs at the same time over all lanes, at most; null for no limit.
    @Nullable public var maxInFlight: Int?

    /// The body from its members, in the order of the fields.
    public init(weight: Int, maxInFlight: Int?) {
        self.weight = weight
        self.maxInFlight = maxInFlight
    }

    private enum CodingKeys: String, CodingKey {
        case weight
        case maxInFlight = "max_in_flight"
    }
}
