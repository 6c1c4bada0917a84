/// Splits a CSV text (RFC 4180) into rows of cells.
struct CSVReader {
    /// One row; a cell that could not be read has its fault in `faults`.
    struct Row: Equatable {
        var number: Int
        /// The first `cellsMax` cells.
        var cells: [String] = []
        /// How many cells the row has.
        var cellCount = 0
        /// True when a cell beyond the first `cellsMax` is not empty.
        var isOverfull = false
        var faults: [Fault] = []

        /// True for a row that a spreadsheet shows as empty.
        var isBlank: Bool { faults.isEmpty && !isOverfull && cells.allSatisfy(\.isEmpty) }
    }

    /// Cells of a row that are kept: a row of millions of commas must not cost memory.
    static let cellsMax = 16

    /// A cell that breaks the rules of quoting.
    struct Fault: Equatable {
        /// The cell's place in its row, from 0.
        let cell: Int
        let code: String
        let detail: String
    }

    private let bytes: [UInt8]
    private var position: Int
    private var number = 0

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let newline: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// A reader of UTF-8 bytes.
    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        position = start
    }

    /// The next row, or nil at the end.
    mutating func row() -> Row? {
        guard position < bytes.count else { return nil }
        number += 1
        var row = Row(number: number)
        repeat {
            let text = cell(&row)
            row.cellCount += 1
            if row.cellCount <= Self.cellsMax {
                row.cells.append(text)
            } else if !text.isEmpty {
                row.isOverfull = true
            }
        } while takeComma()
        takeLineEnd()
        return row
    }

    /// Passes empty lines, which count as rows.
    mutating func skipEmptyLines() {
        while position < bytes.count, isAtLineEnd {
            takeLineEnd()
            number += 1
        }
    }

    private func note(_ code: String, _ detail: String, in row: inout Row) {
        if row.cellCount < Self.cellsMax {
            row.faults.append(Fault(cell: row.cellCount, code: code, detail: detail))
        } else {
            row.isOverfull = true
        }
    }

    private mutating func cell(_ row: inout Row) -> String {
        if position < bytes.count, bytes[position] == Self.quote { return quotedCell(&row) }
        let start = position
        while position < bytes.count, bytes[position] != Self.comma, !isAtLineEnd {
            position += 1
        }
        let cell = bytes[start..<position]
        if cell.contains(Self.quote) {
            note(
                "stray_quote",
                "a quote stands in a cell without quotes; put the cell in quotes and double the ones inside", in: &row)
        }
        return String(decoding: cell, as: UTF8.self)
    }

    private mutating func quotedCell(_ row: inout Row) -> String {
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Self.quote {
                position += 1
                guard position < bytes.count, bytes[position] == Self.quote else {
                    skipRest(&row)
                    return String(decoding: text, as: UTF8.self)
                }
            }
            // A spreadsheet's line break inside a cell may be two characters; JSON writes one.
            let isPair =
                byte == Self.carriageReturn && position + 1 < bytes.count && bytes[position + 1] == Self.newline
            if !isPair { text.append(byte) }
            position += 1
        }
        note("unbalanced_quote", "the quote that opens this cell is never closed", in: &row)
        return ""
    }

    /// Nothing but a comma or the end of the line may follow a closing quote.
    private mutating func skipRest(_ row: inout Row) {
        let start = position
        while position < bytes.count, bytes[position] != Self.comma, !isAtLineEnd { position += 1 }
        if position > start {
            note("text_after_quote", "text follows the closing quote; double the quotes inside a cell", in: &row)
        }
    }

    private var isAtLineEnd: Bool {
        let byte = bytes[position]
        return byte == Self.newline
            || byte == Self.carriageReturn && (position + 1 == bytes.count || bytes[position + 1] == Self.newline)
    }

    private mutating func takeComma() -> Bool {
        guard position < bytes.count, bytes[position] == Self.comma else { return false }
        position += 1
        return true
    }

    private mutating func takeLineEnd() {
        if position < bytes.count, bytes[position] == Self.carriageReturn { position += 1 }
        if position < bytes.count, bytes[position] == Self.newline { position += 1 }
    }
}
