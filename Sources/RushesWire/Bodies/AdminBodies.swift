/// Creates an organization with its first API key.
public struct OrganizationRequest: Codable, Sendable, Equatable {
    /// The name for people.
    public var name: String

    /// The body from its members, in the order of the fields.
    public init(name: String) {
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case name
    }
}

/// A new organization.
public struct OrganizationCreated: Codable, Sendable, Equatable {
    /// Identifier, `org_...`.
    public var organizationID: String
    /// The name for people.
    public var name: String
    /// Identifier of the key, `key_...`.
    public var keyID: String
    /// The key; it is shown only here.
    public var apiKey: String

    /// The body from its members, in the order of the fields.
    public init(organizationID: String, name: String, keyID: String, apiKey: String) {
        self.organizationID = organizationID
        self.name = name
        self.keyID = keyID
        self.apiKey = apiKey
    }

    private enum CodingKeys: String, CodingKey {
        case organizationID = "organization_id"
        case name
        case keyID = "key_id"
        case apiKey = "api_key"
    }
}

/// Creates a further API key.
public struct KeyRequest: Codable, Sendable, Equatable {
    /// A name for people.
    public var name: String?

    /// The body from its members, in the order of the fields.
    public init(name: String? = nil) {
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case name
    }
}

/// A new API key.
public struct KeyCreated: Codable, Sendable, Equatable {
    /// Its organization.
    public var organizationID: String
    /// Identifier, `key_...`.
    public var keyID: String
    /// The key; it is shown only here.
    public var apiKey: String

    /// The body from its members, in the order of the fields.
    public init(organizationID: String, keyID: String, apiKey: String) {
        self.organizationID = organizationID
        self.keyID = keyID
        self.apiKey = apiKey
    }

    private enum CodingKeys: String, CodingKey {
        case organizationID = "organization_id"
        case keyID = "key_id"
        case apiKey = "api_key"
    }
}

/// Grants a package or a top-up. Give either `package` or `topup_micros`.
public struct PurchaseRequest: Codable, Sendable, Equatable {
    /// Who gets the credits.
    public var organizationID: String
    /// A package of the catalogue, such as `pack_2000`.
    public var `package`: String?
    /// A top-up at par, in micro-credits.
    public var topupMicros: Int64?
    /// The payment reference; the same one never grants twice.
    public var reference: String

    /// The body from its members, in the order of the fields.
    public init(organizationID: String, package: String? = nil, topupMicros: Int64? = nil, reference: String) {
        self.organizationID = organizationID
        self.package = `package`
        self.topupMicros = topupMicros
        self.reference = reference
    }

    private enum CodingKeys: String, CodingKey {
        case organizationID = "organization_id"
        case `package`
        case topupMicros = "topup_micros"
        case reference
    }
}

/// What `rushes check` found.
public struct CheckBody: Codable, Sendable, Equatable {
    /// Always `check`.
    public var object: String
    /// True when every invariant holds.
    public var ok: Bool
    /// The invariants that were checked.
    public var checked: [String]
    /// What is broken.
    public var violations: [ViolationBody]

    /// The body from its members, in the order of the fields.
    public init(ok: Bool, checked: [String], violations: [ViolationBody]) {
        object = "check"
        self.ok = ok
        self.checked = checked
        self.violations = violations
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case ok
        case checked
        case violations
    }
}

/// A broken invariant.
public struct ViolationBody: Codable, Sendable, Equatable {
    /// Its name.
    public var invariant: String
    /// The row or thing that breaks it.
    public var subject: String
    /// The figures.
    public var detail: String

    /// The body from its members, in the order of the fields.
    public init(invariant: String, subject: String, detail: String) {
        self.invariant = invariant
        self.subject = subject
        self.detail = detail
    }

    private enum CodingKeys: String, CodingKey {
        case invariant
        case subject
        case detail
    }
}

/// The state of the schema.
public struct MigrationsBody: Codable, Sendable, Equatable {
    /// Always `migrations`.
    public var object: String
    /// The last step that the database has.
    public var version: Int
    /// The last step that the program has.
    public var known: Int
    /// All steps.
    public var data: [MigrationBody]

    /// The body from its members, in the order of the fields.
    public init(version: Int, known: Int, data: [MigrationBody]) {
        object = "migrations"
        self.version = version
        self.known = known
        self.data = data
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case version
        case known
        case data
    }
}

/// One step of the schema.
public struct MigrationBody: Codable, Sendable, Equatable {
    /// From 1.
    public var number: Int
    /// A short name.
    public var name: String
    /// When it was applied; null when it is missing. RFC 3339 with milliseconds.
    @Nullable public var appliedAt: String?

    /// The body from its members, in the order of the fields.
    public init(number: Int, name: String, appliedAt: String?) {
        self.number = number
        self.name = name
        self.appliedAt = appliedAt
    }

    private enum CodingKeys: String, CodingKey {
        case number
        case name
        case appliedAt = "applied_at"
    }
}
