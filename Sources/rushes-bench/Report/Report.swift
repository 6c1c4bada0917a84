import Foundation

/// All figures of a run, as a table for people and as JSON.
struct Report: Encodable {
    let tasks: Int
    private(set) var figures: [Figure] = []

    init(tasks: Int) {
        self.tasks = tasks
    }

    mutating func add(_ figure: Figure) { add([figure]) }

    /// Adds figures; their goals were set for the largest batch and say nothing about a smaller one.
    mutating func add(_ more: [Figure]) {
        figures += more.map { figure in
            var figure = figure
            if tasks < 10_000 { figure.goal = nil }
            return figure
        }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var table: String {
        let head = ["a batch of \(tasks) tasks", "figure", "plain SQL", "ratio", "goal", ""]
        let rows = [head] + figures.map(Self.cells)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in Self.line(row, widths) }.joined(separator: "\n")
    }

    private static func cells(_ figure: Figure) -> [String] {
        [
            figure.name, "\(figure.value.short) \(figure.unit)",
            figure.ceiling.map { "\($0.short) \(figure.unit)" } ?? "", figure.ratio?.short ?? "",
            figure.goal?.text ?? "", figure.isMet.map { $0 ? "met" : "MISSED" } ?? "",
        ]
    }

    /// Names to the left, numbers to the right.
    private static func line(_ row: [String], _ widths: [Int]) -> String {
        zip(row, widths).enumerated().map { column, cell in
            let space = String(repeating: " ", count: cell.1 - cell.0.count)
            return (1...3).contains(column) ? space + cell.0 : cell.0 + space
        }.joined(separator: "  ").replacing(/\ +$/, with: "")
    }
}
