/// Rows of text in aligned columns, for people.
struct Table {
    /// Where a column's text stands.
    enum Alignment {
        case left
        case right
    }

    private let titles: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// A table by its columns.
    init(_ columns: [(title: String, alignment: Alignment)]) {
        titles = columns.map(\.title)
        alignments = columns.map(\.alignment)
    }

    mutating func add(_ row: [String]) {
        precondition(row.count == titles.count, "a row has a cell for each column")
        rows.append(row)
    }

    /// Title line and rows, without trailing blanks.
    var lines: [String] {
        let all = [titles] + rows
        let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { padded(row[$0], width: widths[$0], alignments[$0]) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private func padded(_ text: String, width: Int, _ alignment: Alignment) -> String {
        let blanks = String(repeating: " ", count: width - text.count)
        switch alignment {
        case .left: return text + blanks
        case .right: return blanks + text
        }
    }
}
