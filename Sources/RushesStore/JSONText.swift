import Foundation
import RushesDatabase

/// Values kept as JSON in a `TEXT` column, with sorted keys, so that equal values are equal text.
enum JSONText {
    static func encode(_ value: some Encodable) throws(DatabaseError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw DatabaseError(.invalidStatement, "no JSON: \(error)")
        }
    }

    /// The pairs of a text; most have none, which is seen without a parser.
    static func pairs(from text: String) throws(DatabaseError) -> [String: String] {
        text == "{}" ? [:] : try decode([String: String].self, from: text)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws(DatabaseError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw DatabaseError(.decoding, "JSON column: \(error)")
        }
    }
}
