import RushesCore

/// Reads a CSV sheet of tasks: a header row, then one task per row.
package enum BatchCSV {
    /// The columns that a sheet may have, in any order; `prompt` must be there.
    package enum Column: String, CaseIterable, Sendable {
        case customID = "custom_id"
        case prompt
        case seconds
        case size
    }

    /// The batch of the sheet, with an issue for each cell that could not be read. An empty cell is one not given.
    ///
    /// - Throws: `SheetDefect` when the bytes are no UTF-8 text.
    package static func read(_ bytes: [UInt8], _ envelope: SheetEnvelope) throws(SheetDefect) -> ParsedBatch {
        try SheetText.check(bytes)
        var reader = CSVReader(bytes, from: SheetText.start(of: bytes))
        var issues = IssueList()
        guard let columns = header(&reader, &issues) else {
            return ParsedBatch(draft: envelope.draft([]), rows: [], issues: issues)
        }
        var tasks: [TaskDraft] = []
        var rows: [Int] = []
        reader.skipEmptyLines()
        while let row = reader.row() {
            defer { reader.skipEmptyLines() }
            if row.isBlank { continue }
            guard tasks.count < Limits.tasksPerBatchMax else {
                issues.add(SheetText.tooManyRows)
                break
            }
            tasks.append(task(row, columns, index: tasks.count, &issues))
            rows.append(row.number)
        }
        return ParsedBatch(draft: envelope.draft(tasks), rows: rows, issues: issues)
    }

    /// The columns of the header row, or nil with what is wrong with it.
    private static func header(_ reader: inout CSVReader, _ issues: inout IssueList) -> [Column]? {
        let row = reader.row() ?? CSVReader.Row(number: 1)
        var columns: [Column] = []
        for fault in row.faults { issues.add(headerIssue(nil, fault.code, fault.detail)) }
        for cell in row.cells where !row.isBlank {
            let name = cell.trimmingSpaces
            if let column = Column(rawValue: name.lowercased()) {
                if columns.contains(column) {
                    issues.add(headerIssue(name, "duplicate_column", "the column \(name) occurs twice"))
                }
                columns.append(column)
            } else {
                issues.add(headerIssue(name, "unknown_column", unknownColumnDetail(name)))
            }
        }
        if row.cellCount > row.cells.count {
            issues.add(headerIssue(nil, "too_many_columns", "the header has \(row.cellCount) columns"))
        }
        if !columns.contains(.prompt) {
            issues.add(headerIssue("prompt", "missing_column", "row 1 names the columns, and `prompt` is one of them"))
        }
        return issues.isEmpty ? columns : nil
    }

    private static func unknownColumnDetail(_ name: String) -> String {
        let known = Column.allCases.map(\.rawValue).joined(separator: ", ")
        let hint = name.contains(";") || name.contains("\t") ? "; separate the cells with commas" : ""
        return "there is no column \"\(name.prefix(64))\"; known are \(known)\(hint)"
    }

    private static func headerIssue(_ column: String?, _ code: String, _ detail: String) -> IssueBody {
        IssueBody(pointer: "/tasks", row: 1, column: column.map { String($0.prefix(64)) }, code: code, detail: detail)
    }

    private static func task(
        _ row: CSVReader.Row, _ columns: [Column], index: Int, _ issues: inout IssueList
    ) -> TaskDraft {
        func issue(_ column: Column?, _ code: String, _ detail: String) {
            let pointer = "/tasks/\(index)" + (column.map { "/" + $0.rawValue } ?? "")
            issues.add(
                IssueBody(pointer: pointer, row: row.number, column: column?.rawValue, code: code, detail: detail))
        }
        for fault in row.faults {
            issue(columns.indices.contains(fault.cell) ? columns[fault.cell] : nil, fault.code, fault.detail)
        }
        if row.isOverfull || row.cells.dropFirst(columns.count).contains(where: { !$0.isEmpty }) {
            issue(nil, "too_many_cells", "the row has \(row.cellCount) cells, the header has \(columns.count)")
        }
        var task = TaskDraft()
        for (column, cell) in zip(columns, row.cells) where !cell.isEmpty {
            switch column {
            case .customID: task.customID = cell.trimmingSpaces
            case .prompt: task.prompt = cell
            case .size: task.size = cell.trimmingSpaces
            case .seconds:
                task.seconds = integer(cell.trimmingSpaces)
                if task.seconds == nil {
                    issue(.seconds, "invalid_type", "\"\(cell.prefix(32))\" is not a whole number")
                }
            }
        }
        return task
    }

    /// Digits only: no sign, no point, no exponent.
    private static func integer(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return String(text)
    }
}
