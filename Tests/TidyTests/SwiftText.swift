/// A Swift file taken apart just far enough for the rules: code with comments and the text of string literals blanked
/// (code inside interpolations stays), the literals, and the lines that have a comment. It is no parser: a bare regular
/// expression with a quote in it would confuse it.
struct SwiftText: Sendable {
    struct Literal: Sendable, Equatable {
        /// The line, from 1, on which the literal starts.
        let line: Int
        /// The text as it is written; each interpolation stands as one `_`.
        let text: String
    }

    /// The code line by line, with the columns of the original.
    let code: [String]
    let literals: [Literal]
    /// Lines, from 1, that have a comment or are inside one.
    let commentedLines: Set<Int>
    /// Lines, from 1, that start inside a multi-line string literal.
    let linesInsideLiterals: Set<Int>

    init(_ text: String) {
        var scanner = SwiftScanner(Array(text.utf8))
        scanner.scanCode(until: nil)
        code = String(decoding: scanner.code, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        literals = scanner.literals.sorted { $0.line < $1.line }
        commentedLines = scanner.commentedLines
        linesInsideLiterals = scanner.linesInsideLiterals
    }
}

private struct SwiftScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private(set) var code: [UInt8] = []
    private(set) var literals: [SwiftText.Literal] = []
    private(set) var commentedLines: Set<Int> = []
    private(set) var linesInsideLiterals: Set<Int> = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        code.reserveCapacity(bytes.count)
    }

    /// Scans code up to the end of the file, or behind the parenthesis that closes an interpolation.
    mutating func scanCode(until closing: UInt8?) {
        var depth = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == slash, self.byte(at: position + 1) == slash {
                scanLineComment()
            } else if byte == slash, self.byte(at: position + 1) == star {
                scanBlockComment()
            } else if byte == hash || byte == quotationMark, let hashes = hashesBeforeQuote() {
                scanLiteral(hashes: hashes)
            } else {
                keep()
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == closing {
                    if depth == 0 { return }
                    depth -= 1
                }
            }
        }
    }

    private mutating func scanLineComment() {
        commentedLines.insert(line)
        while position < bytes.count, bytes[position] != newline { blank() }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            commentedLines.insert(line)
            if starts([slash, star]) {
                depth += 1
                blank()
            } else if starts([star, slash]) {
                depth -= 1
                blank()
            }
            blank()
        } while depth > 0 && position < bytes.count
    }

    private mutating func scanLiteral(hashes: Int) {
        let start = line
        let fence = [UInt8](repeating: hash, count: hashes)
        for _ in 0..<hashes { keep() }
        let isMultiline = starts([quotationMark, quotationMark, quotationMark])
        let quote = [UInt8](repeating: quotationMark, count: isMultiline ? 3 : 1)
        for _ in quote { keep() }
        let end = quote + fence
        let escape = [backslash] + fence
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte == quotationMark, starts(end) {
                for _ in end { keep() }
                break
            }
            if !isMultiline, byte == newline { break }
            if byte == backslash, starts(escape) {
                let isInterpolation = self.byte(at: position + escape.count) == UInt8(ascii: "(")
                for _ in escape { blank() }
                if isInterpolation {
                    text.append(UInt8(ascii: "_"))
                    keep()
                    scanCode(until: UInt8(ascii: ")"))
                    continue
                }
                text += escape
                guard position < bytes.count else { break }
            }
            text.append(bytes[position])
            blank()
            if bytes[position - 1] == newline { linesInsideLiterals.insert(line) }
        }
        literals.append(.init(line: start, text: String(decoding: text, as: UTF8.self)))
    }

    /// The number of `#` in front of an opening quote here; nil when no literal starts here.
    private func hashesBeforeQuote() -> Int? {
        var ahead = position
        while byte(at: ahead) == hash { ahead += 1 }
        return byte(at: ahead) == quotationMark ? ahead - position : nil
    }

    private let backslash = UInt8(ascii: "\\")
    private let hash = UInt8(ascii: "#")
    private let newline = UInt8(ascii: "\n")
    private let quotationMark = UInt8(ascii: "\"")
    private let slash = UInt8(ascii: "/")
    private let star = UInt8(ascii: "*")

    private func byte(at index: Int) -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private func starts(_ expected: [UInt8]) -> Bool {
        position + expected.count <= bytes.count
            && bytes[position..<(position + expected.count)].elementsEqual(expected)
    }

    private mutating func keep() {
        advance(writing: bytes[position])
    }

    private mutating func blank() {
        guard position < bytes.count else { return }
        // Continuation bytes of UTF-8 vanish, so that one character stays one column.
        let isContinuation = bytes[position] & 0b1100_0000 == 0b1000_0000
        advance(writing: bytes[position] == newline ? newline : (isContinuation ? nil : UInt8(ascii: " ")))
    }

    private mutating func advance(writing byte: UInt8?) {
        if let byte { code.append(byte) }
        if bytes[position] == newline { line += 1 }
        position += 1
    }
}
