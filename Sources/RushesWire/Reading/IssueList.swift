package import RushesCore

/// All that is wrong with an input, as the answer lists it: at most `Limits.listedErrorsMax`, and how many there are.
package struct IssueList: Error, Sendable, Equatable {
    /// The first issues.
    package private(set) var listed: [IssueBody] = []
    /// How many there are in all.
    package private(set) var total = 0

    /// No issue yet.
    package init() {}

    /// A list with one issue.
    package init(_ issue: IssueBody) {
        add(issue)
    }

    /// True when nothing is wrong.
    package var isEmpty: Bool { total == 0 }

    /// Notes one.
    package mutating func add(_ issue: IssueBody) {
        total += 1
        if listed.count < Limits.listedErrorsMax { listed.append(issue) }
    }

    /// Adds what the rules of Core found, at the row of the sheet when `rows` has the task's row; a place of which
    /// something is known already is left out, since a value that could not be read also counts as missing.
    package mutating func add(_ issues: InputIssues, rows: [Int]?) {
        let known = Set(listed.compactMap(\.pointer))
        let bodies = issues.listed.map { IssueBody($0, rows: rows) }
        let news = bodies.filter { body in
            guard let pointer = body.pointer else { return true }
            return !known.contains(pointer) && !known.contains(where: { Self.isTask($0, of: pointer) })
        }
        for body in news { add(body) }
        total += issues.total - issues.listed.count
    }

    /// The same issues in the order of the sheet's rows; those without a row come first.
    package func sortedByRow() -> IssueList {
        var sorted = self
        sorted.listed = listed.enumerated().sorted {
            ($0.element.row ?? 0, $0.offset) < ($1.element.row ?? 0, $1.offset)
        }.map(\.element)
        return sorted
    }

    private static func isTask(_ known: String, of pointer: String) -> Bool {
        known.hasPrefix("/tasks/") && pointer.hasPrefix(known + "/")
    }
}

extension IssueBody {
    /// An issue of Core; `rows` maps the index of a task to the sheet's row.
    package init(_ issue: InputIssue, rows: [Int]?) {
        self.init(pointer: issue.pointer, code: issue.code, detail: issue.detail)
        guard let rows, case .task(let index, let field) = issue.place, rows.indices.contains(index) else { return }
        row = rows[index]
        column = field.isEmpty ? nil : field
    }
}
