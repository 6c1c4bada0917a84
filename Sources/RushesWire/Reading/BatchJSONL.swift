import RushesCore

/// Reads a sheet of one JSON object per line.
package enum BatchJSONL {
    /// The batch of the sheet, with an issue for each line that could not be read; blank lines count as rows only.
    ///
    /// - Throws: `SheetDefect` when the bytes are no UTF-8 text.
    package static func read(_ bytes: [UInt8], _ envelope: SheetEnvelope) throws(SheetDefect) -> ParsedBatch {
        try SheetText.check(bytes)
        var tasks: [TaskDraft] = []
        var rows: [Int] = []
        var issues = IssueList()
        var start = SheetText.start(of: bytes)
        var row = 0
        while start < bytes.count {
            row += 1
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let line = start..<end
            start = end + 1
            if SheetText.isBlank(bytes, line) { continue }
            guard tasks.count < Limits.tasksPerBatchMax else {
                issues.add(SheetText.tooManyRows)
                break
            }
            tasks.append(task(bytes, line, row: row, index: tasks.count, &issues))
            rows.append(row)
        }
        return ParsedBatch(draft: envelope.draft(tasks), rows: rows, issues: issues)
    }

    private static func task(
        _ bytes: [UInt8], _ line: Range<Int>, row: Int, index: Int, _ issues: inout IssueList
    ) -> TaskDraft {
        var reader = JSONReader(bytes, range: line)
        var found = IssueList()
        var task = TaskDraft()
        do throws(JSONDefect) {
            task = try BatchJSON.task(&reader, &found)
            try reader.finish()
        } catch {
            found.add(IssueBody(pointer: "", code: error.kind.rawValue, detail: error.detail))
        }
        for issue in found.listed {
            issues.add(placed(issue, row: row, index: index))
        }
        return task
    }

    private static func placed(_ issue: IssueBody, row: Int, index: Int) -> IssueBody {
        let inside = issue.pointer ?? ""
        var placed = issue
        placed.pointer = "/tasks/\(index)" + inside
        placed.row = row
        placed.column = inside.isEmpty ? nil : String(inside.dropFirst())
        return placed
    }
}
