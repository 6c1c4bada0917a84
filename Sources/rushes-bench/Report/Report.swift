import Foundation

/// The figures of one measure on one database.
struct Section: Encodable {
    let title: String
    private(set) var figures: [Figure]

    init(title: String, figures: [Figure]) {
        self.title = title
        self.figures = figures
    }

    init(database: DatabaseKind, measure: Measure, figures: [Figure]) {
        self.init(title: "\(database.rawValue): \(measure.title)", figures: figures)
    }

    /// Without goals.
    var withoutGoals: Section {
        var section = self
        for index in figures.indices { section.figures[index].goal = nil }
        return section
    }
}

/// All figures of a run, as a table for people and as JSON.
struct Report: Encodable {
    let tasks: Int
    /// The machine's load at the beginning and at the end.
    var load: [String]
    private(set) var sections: [Section] = []

    init(tasks: Int, load: [String]) {
        self.tasks = tasks
        self.load = load
    }

    /// Adds figures; their goals were set for the largest batch and say nothing about a smaller one.
    mutating func add(_ section: Section) {
        sections.append(tasks < 10_000 ? section.withoutGoals : section)
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var table: String {
        let head = ["large batches of \(tasks) tasks", "figure", "ceiling", "ratio", "goal", "", ""]
        let blocks = sections.map { section in (section.title, section.figures.map(Self.cells)) }
        let widths = head.indices.map { column in
            ([head] + blocks.flatMap(\.1)).map { $0[column].count }.max() ?? 0
        }
        let lines = blocks.flatMap { title, rows in ["", title] + rows.map { Self.line($0, widths) } }
        return ([Self.line(head, widths)] + lines + ["", "load: " + load.joined(separator: " to ")])
            .joined(separator: "\n")
    }

    private static func cells(_ figure: Figure) -> [String] {
        [
            "  " + figure.name, "\(figure.value.short) \(figure.unit)",
            figure.ceiling.map { "\($0.short) \(figure.unit)" } ?? "", figure.ratio?.short ?? "",
            figure.goal?.text ?? "", figure.isMet.map { $0 ? "met" : "MISSED" } ?? "", figure.note ?? "",
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
