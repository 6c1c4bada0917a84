/// The answer of `/healthz` and `/readyz`.
public struct HealthBody: Codable, Sendable, Equatable {
    /// `ok` or `unavailable`.
    public var status: String
    /// Each part that was looked at, with `ok` or what is wrong.
    public var checks: [String: String]

    /// The body from its members, in the order of the fields.
    public init(status: String, checks: [String: String]) {
        self.status = status
        self.checks = checks
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case checks
    }
}
