import Foundation

/// What a create brought besides what the sandbox acts on: texts, integers and booleans, as a caller's route has them.
struct ExtraParameters: Codable, Sendable, Equatable {
    /// The values as JSON writes them, by their names.
    let texts: [String: String]

    /// The members of an object that are not among the known ones; what is neither text, integer nor boolean is left
    /// out.
    init(in members: [String: Value], besides known: Set<String>) {
        texts = members.filter { !known.contains($0.key) }.compactMapValues(\.text)
    }

    /// As much of a value as is told.
    enum Value: Decodable {
        case boolean(Bool)
        case integer(Int64)
        case string(String)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Int64.self) {
                self = .integer(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else {
                self = .other
            }
        }

        fileprivate var text: String? {
            switch self {
            case .boolean(let value): String(value)
            case .integer(let value): String(value)
            case .string(let value): "\"\(value)\""
            case .other: nil
            }
        }
    }
}
