/// The body of a webhook: an event in the form of Standard Webhooks.
public struct WebhookBody: Codable, Sendable, Equatable {
    /// The version of the shape of bodies.
    public static let apiVersion = "2026-11-01"

    /// The event, `evt_...`; the same as `webhook-id`.
    public var id: String
    /// What happened, such as `batch.completed`.
    public var type: String
    /// When it happened; RFC 3339 with milliseconds.
    public var timestamp: String
    /// The place in the organization's feed; null for pings and tests, which are in no feed.
    @Nullable public var sequence: Int64?
    /// The version of the shape.
    public var apiVersion: String
    /// False for tests and pings.
    public var livemode: Bool
    /// More about it, by type: what `GET /v1/events` shows as `data`.
    public var data: [String: EventValue]

    /// The body of an event of the feed, or of one that is in no feed.
    public init(_ event: EventBody, livemode: Bool = true) {
        id = event.id
        type = event.type
        timestamp = event.createdAt
        sequence = event.seq > 0 ? event.seq : nil
        apiVersion = Self.apiVersion
        self.livemode = livemode
        data = event.data
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case type
        case timestamp
        case sequence
        case apiVersion = "api_version"
        case livemode
        case data
    }
}
