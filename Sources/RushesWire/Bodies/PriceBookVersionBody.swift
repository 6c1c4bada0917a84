package import RushesCore

/// A version of the price book with its dates.
public struct PriceBookVersionBody: Codable, Sendable, Equatable {
    /// The number that quotes and batches name.
    public var version: Int
    /// `past`, `in_force`, `waiting`, or `replaced` by a later one for the same date.
    public var state: String
    /// When it was applied; RFC 3339 with milliseconds.
    public var appliedAt: String
    /// From when it is in force, until another one is; RFC 3339 with milliseconds.
    public var inForceFrom: String
    /// The models that are sold under it.
    public var models: [CatalogueModelBody]

    /// The body from its members, in the order of the fields.
    public init(
        version: Int, state: String, appliedAt: String, inForceFrom: String, models: [CatalogueModelBody]
    ) {
        self.version = version
        self.state = state
        self.appliedAt = appliedAt
        self.inForceFrom = inForceFrom
        self.models = models
    }

    private enum CodingKeys: String, CodingKey {
        case version
        case state
        case appliedAt = "applied_at"
        case inForceFrom = "in_force_from"
        case models
    }
}

extension PriceBookVersionBody {
    /// A version as it stands.
    package init(_ version: PriceBookVersion, _ standing: PriceBookVersion.Standing) {
        self.init(
            version: version.book.version, state: standing.rawValue, appliedAt: version.appliedAt.rfc3339,
            inForceFrom: version.inForceFrom.rfc3339, models: CatalogueBody(version.book).models)
    }
}

extension CatalogueBody {
    /// A version as operators see it, with its date.
    package init(_ version: PriceBookVersion) {
        self.init(version.book)
        inForceFrom = version.inForceFrom.rfc3339
    }
}
