/// Lines of comma-separated values that a spreadsheet shows as they are.
package enum CSVText {
    /// A value that is text: quoted where it has to be, and with an apostrophe before what a spreadsheet would take for
    /// a formula.
    package static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let shown = isFormula ? "'" + text : text
        let needsQuotes = shown.utf8.contains { "\",\n\r".utf8.contains($0) }
        return needsQuotes ? "\"" + shown.replacing("\"", with: "\"\"") + "\"" : shown
    }

    /// A value that is a number, also one below zero.
    package static func cell(_ number: Int64) -> String { String(number) }

    /// A line of cells, with its newline.
    package static func line(_ cells: [String]) -> String { cells.joined(separator: ",") + "\n" }
}
