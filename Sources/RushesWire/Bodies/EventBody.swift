/// Something that happened to an organization's work or wallet.
public struct EventBody: Codable, Sendable, Equatable {
    /// Always `event`.
    public var object: String
    /// Identifier, `evt_...`.
    public var id: String
    /// The place in the organization's feed, from 1 without gaps.
    public var seq: Int64
    /// What happened, such as `batch.completed` or `wallet.low_balance`.
    public var type: String
    /// The batch; null for what happened to the wallet.
    @Nullable public var batchID: String?
    /// The task; null for what happened to the whole batch.
    @Nullable public var taskID: String?
    /// More about it, by type.
    public var data: [String: EventValue]
    /// When; RFC 3339 with milliseconds.
    public var createdAt: String

    /// The body from its members, in the order of the fields.
    public init(
        id: String, seq: Int64, type: String, batchID: String?, taskID: String?, data: [String: EventValue],
        createdAt: String
    ) {
        object = "event"
        self.id = id
        self.seq = seq
        self.type = type
        self.batchID = batchID
        self.taskID = taskID
        self.data = data
        self.createdAt = createdAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case seq
        case type
        case batchID = "batch_id"
        case taskID = "task_id"
        case data
        case createdAt = "created_at"
    }
}

/// A member of an event's data.
public enum EventValue: Codable, Sendable, Hashable {
    /// A text, such as an identifier.
    case text(String)
    /// A count or an amount.
    case integer(Int64)
    /// Yes or no.
    case flag(Bool)
    /// Several values.
    case list([EventValue])
    /// Members by name.
    case object([String: EventValue])
    /// Nothing.
    case null

    /// Any JSON but fractions.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([EventValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: EventValue].self))
        }
    }

    /// Writes the bare value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let members): try container.encode(members)
        case .null: try container.encodeNil()
        }
    }
}
