package import RushesCore

/// A batch as it was read from one of the formats, with what could not be read.
package struct ParsedBatch: Sendable, Equatable {
    /// What was read; a member that could not be read is missing in it.
    package var draft: BatchDraft
    /// For a sheet, the row of each task; the header is row 1.
    package var rows: [Int]?
    /// What could not be read.
    package var issues: IssueList

    /// A batch from its parts.
    package init(draft: BatchDraft, rows: [Int]? = nil, issues: IssueList = IssueList()) {
        self.draft = draft
        self.rows = rows
        self.issues = issues
    }
}

/// What a sheet says beside its rows: the query of the request.
package struct SheetEnvelope: Sendable, Equatable {
    /// The caller's idempotency key.
    package var requestID: String
    /// The catalogue's model id.
    package var model: String
    /// A name for people.
    package var name: String?
    /// Tasks running at the same time, at most.
    package var maxConcurrency: Int?
    /// Hours until tasks that were not dispatched expire.
    package var windowHours: Int?
    /// The label of the project that it counts for.
    package var project: String?

    /// An envelope from its parts.
    package init(
        requestID: String, model: String, name: String? = nil, maxConcurrency: Int? = nil, windowHours: Int? = nil,
        project: String? = nil
    ) {
        self.requestID = requestID
        self.model = model
        self.name = name
        self.maxConcurrency = maxConcurrency
        self.windowHours = windowHours
        self.project = project
    }

    func draft(_ tasks: [TaskDraft]) -> BatchDraft {
        BatchDraft(
            requestID: requestID, model: model, name: name, tasks: tasks, maxConcurrency: maxConcurrency,
            windowHours: windowHours, project: project)
    }
}

/// A sheet that is no text that we read.
package struct SheetDefect: Error, Sendable, Equatable {
    /// A stable code: `not_utf8`, `nul_character`.
    package let code: String
    /// A sentence for people.
    package let detail: String

    /// A defect from its code and words.
    package init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
