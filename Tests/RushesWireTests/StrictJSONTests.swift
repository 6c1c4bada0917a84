import RushesWire
import Testing

@Suite("Strict JSON")
struct StrictJSONTests {
    @Test(
        "takes what RFC 8259 calls JSON",
        arguments: [
            "{}", "[]", " [1, 2 ] ", "\"\"", "0", "-0", "-1.5e+10", "true", "null", "[[],{}]", "{\"a\":{\"a\":1}}",
            "\"\\u00e9\\n\\/\\ud83d\\ude00\"", "\"é 漢 😀\"", "{\"\":1}", "[1\n,\t2\r]", "1e400",
        ])
    func takes(text: String) throws {
        try StrictJSON.check(Array(text.utf8))
    }

    @Test(
        "refuses what readers disagree about",
        arguments: [
            ("", JSONDefect.Kind.malformed, 0), ("{", .malformed, 1), ("{\"a\"}", .malformed, 4),
            ("[1,]", .malformed, 3),
            ("{\"a\":1,}", .malformed, 7), ("'a'", .malformed, 0), ("{a:1}", .malformed, 1), ("01", .trailingData, 1),
            ("+1", .malformed, 0), (".5", .malformed, 0), ("1.", .malformed, 2), ("1e", .malformed, 2),
            ("tru", .malformed, 3), ("NaN", .malformed, 0), ("[1 2]", .malformed, 3), ("{} {}", .trailingData, 3),
            ("1 x", .trailingData, 2), ("{\"a\":1,\"a\":2}", .duplicateKey, 7),
            ("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 7), ("{\"x\":{\"b\":1,\"c\":1,\"b\":1}}", .duplicateKey, 18),
            ("\"\\u0000\"", .nul, 7), ("\"a\u{0}\"", .nul, 2), ("[1\u{0}]", .nul, 2), ("\"\n\"", .malformed, 1),
            ("\"\\x\"", .malformed, 2), ("\"\\u12g4\"", .malformed, 5), ("\"\\ud800\"", .malformed, 7),
            ("\"\\ud800\\u0041\"", .malformed, 13), ("\"\\udc00\"", .malformed, 7), ("\u{FEFF}{}", .byteOrderMark, 0),
            ("\"abc", .malformed, 4), ("// x\n1", .malformed, 0), ("é", .malformed, 0),
        ])
    func refuses(text: String, kind: JSONDefect.Kind, offset: Int) {
        let defect = #expect(throws: JSONDefect.self) { try StrictJSON.check(Array(text.utf8)) }
        #expect(defect?.kind == kind)
        #expect(defect?.offset == offset)
    }

    @Test(
        "refuses bytes that are not UTF-8",
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3],
            [0xE4, 0xBD],
            [0x80], [0xF0, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func refusesOtherEncodings(sequence: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let defect = #expect(throws: JSONDefect.self) { try StrictJSON.check([quote] + sequence + [quote]) }
        #expect(defect?.kind == .notUTF8)
    }

    @Test("refuses UTF-16")
    func refusesUTF16() {
        #expect(throws: JSONDefect.self) { try StrictJSON.check([0x7B, 0, 0x7D, 0]) }
        #expect(throws: JSONDefect.self) { try StrictJSON.check([0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) }
    }

    @Test("has limits on depth, members and items, and says where")
    func limits() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        func wide(_ count: Int) -> [UInt8] {
            Array(("{" + (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",") + "}").utf8)
        }
        func long(_ count: Int) -> [UInt8] {
            Array(("{\"a/b\":[" + repeatElement("0", count: count).joined(separator: ",") + "]}").utf8)
        }
        try StrictJSON.check(nested(32))
        try StrictJSON.check(wide(256))
        try StrictJSON.check(long(10_000))
        #expect(throws: JSONDefect(.tooDeep, offset: 32, pointer: String(repeating: "/0", count: 32))) {
            try StrictJSON.check(nested(33))
        }
        let tooWide = #expect(throws: JSONDefect.self) { try StrictJSON.check(wide(257)) }
        #expect(tooWide?.kind == .tooManyMembers)
        let tooLong = #expect(throws: JSONDefect.self) { try StrictJSON.check(long(10_001)) }
        #expect(tooLong?.kind == .tooManyItems)
        #expect(tooLong?.pointer == "/a~1b")
        #expect(tooLong?.isLimit == true)
        #expect(throws: JSONDefect.self) { try StrictJSON.check(Array(repeating: UInt8(ascii: "["), count: 1_000_000)) }
    }

    @Test("reads strings with every escape")
    func strings() throws {
        let value = try JSONValue(Array(#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é""#.utf8))
        #expect(value == .string("\"\\/\u{8}\u{C}\n\r\té😀é"))
    }

    @Test(
        "reads integers exactly and nothing else as an integer",
        arguments: [
            ("9223372036854775807", JSONValue.integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("-0", .integer(0)),
            ("9007199254740993", .integer(9_007_199_254_740_993)), ("9223372036854775808", .otherNumber),
            ("1.0", .otherNumber), ("1e2", .otherNumber), ("1.5", .otherNumber),
            (String(repeating: "9", count: 100_000), .otherNumber),
        ])
    func integers(text: String, value: JSONValue) throws {
        #expect(try JSONValue(Array(text.utf8)) == value)
    }
}
