import Foundation
import RushesCore
import Testing

@testable import RushesWire

@Suite("JSON as it is written")
struct JSONWriterTests {
    @Test("any value is written as Foundation writes it, byte for byte")
    func asFoundation() throws {
        let foundation = JSONEncoder()
        foundation.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for seed in 0..<2_000 {
            var chance = Chance(seed: UInt64(seed))
            let value = AnyValue.random(&chance, depth: 4)
            #expect(
                String(decoding: try WireJSON.encode(value), as: UTF8.self)
                    == String(decoding: try foundation.encode(value), as: UTF8.self), "seed \(seed)")
        }
    }

    @Test("every control character, quotation marks and backslashes are escaped, and nothing else is")
    func escapes() throws {
        let controls = String(String.UnicodeScalarView((0..<0x30).map { Unicode.Scalar(UInt8($0)) }))
        let text = controls + "\\\u{7f}é\u{2028}😀/"
        #expect(
            String(decoding: try WireJSON.encode(text), as: UTF8.self)
                == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010"#
                + ##"\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f !\"#$%&'()*+,-./\\"##
                + "\u{7f}é\u{2028}😀/\"")
    }

    @Test("containers that grow after their place was taken stand in it")
    func growing() throws {
        #expect(
            String(decoding: try WireJSON.encode(Growing()), as: UTF8.self)
                == #"{"list":[[],{"b":1},2],"map":{"a":{"c":true},"z":null},"super":{"d":"e"}}"#)
    }

    @Test("integers of every width are written whole", arguments: ["-128", "255", "18446744073709551615"])
    func widths(_ text: String) throws {
        let bytes = try Int8(text).map { try WireJSON.encode($0) } ?? WireJSON.encode(#require(UInt64(text)))
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test("what is no integer is refused: the contract has no such number")
    func floatingPoint() {
        #expect(throws: EncodingError.self) { try WireJSON.encode(["price": 0.1]) }
        #expect(throws: EncodingError.self) { try WireJSON.encode([Float(1)]) }
    }
}

/// Every shape of a value.
private enum AnyValue: Encodable {
    case null, bool(Bool), integer(Int64), text(String), array([AnyValue]), object([String: AnyValue]), pairs(Pairs)

    /// Members of which some may be missing, as synthesized bodies have them.
    struct Pairs: Encodable {
        var whole: Int
        var maybe: String?
        @Nullable var nullable: String?
        @Nullable var count: Int64?
        var nested: [AnyValue]
    }

    static func random(_ chance: inout Chance, depth: Int) -> AnyValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 4), using: &chance) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &chance))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &chance))
        case 3: return .text(text(&chance))
        case 4:
            let count = Int.random(in: 0..<5, using: &chance)
            return .array((0..<count).map { _ in random(&chance, depth: depth - 1) })
        case 5:
            let members = (0..<Int.random(in: 0..<6, using: &chance)).map { _ in
                (text(&chance), random(&chance, depth: depth - 1))
            }
            return .object(Dictionary(members) { first, _ in first })
        default:
            let hasTexts = Bool.random(using: &chance)
            return .pairs(
                Pairs(
                    whole: Int.random(in: -9...9, using: &chance), maybe: hasTexts ? text(&chance) : nil,
                    nullable: hasTexts ? nil : text(&chance), count: hasTexts ? 7 : nil,
                    nested: [random(&chance, depth: depth - 1)]))
        }
    }

    private static func text(_ chance: inout Chance) -> String {
        let scalars: [Unicode.Scalar] = ["a", "b", "B", "1", "_", "/", "\"", "\\", "\n", "\u{1}", "é", "｡", "😀"]
        let chosen = (0..<Int.random(in: 0..<20, using: &chance)).map { _ in scalars.randomElement(using: &chance)! }
        return String(String.UnicodeScalarView(chosen))
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .array(let elements): try elements.encode(to: encoder)
        case .object(let members): try members.encode(to: encoder)
        case .pairs(let pairs): try pairs.encode(to: encoder)
        case .null, .bool, .integer, .text:
            var container = encoder.singleValueContainer()
            try encodeSimple(to: &container)
        }
    }

    private func encodeSimple(to container: inout any SingleValueEncodingContainer) throws {
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .null, .array, .object, .pairs: try container.encodeNil()
        }
    }
}

/// Hands out containers and fills them in another order.
private struct Growing: Encodable {
    private enum Key: String, CodingKey { case a, b, c, d, list, map, z }

    func encode(to encoder: any Encoder) throws {
        var whole = encoder.container(keyedBy: Key.self)
        var map = whole.nestedContainer(keyedBy: Key.self, forKey: .map)
        var list = whole.nestedUnkeyedContainer(forKey: .list)
        _ = list.nestedUnkeyedContainer()
        var element = list.nestedContainer(keyedBy: Key.self)
        try list.encode(2)
        var last = whole.superEncoder().container(keyedBy: Key.self)
        try map.encodeNil(forKey: .z)
        var inner = map.nestedContainer(keyedBy: Key.self, forKey: .a)
        try inner.encode(true, forKey: .c)
        try element.encode(1, forKey: .b)
        try last.encode("e", forKey: .d)
        #expect(list.count == 3)
    }
}

/// Random choices that a seed repeats.
private struct Chance: RandomNumberGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }
    mutating func next() -> UInt64 { generator.next() }
}
