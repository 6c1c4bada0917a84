/// A batch as somebody asked for it, before any rule has looked at it; every input format ends here.
package struct BatchDraft: Sendable, Equatable {
    /// The caller's idempotency key.
    package var requestID: String
    /// The catalogue's model id.
    package var model: String
    /// A name for people.
    package var name: String?
    /// The tasks in the order of the sheet.
    package var tasks: [TaskDraft]
    /// What a task takes when it says nothing itself.
    package var defaults: TaskDefaults
    /// The caller's own pairs, returned as they are.
    package var metadata: [String: String]
    /// Tasks of this batch running at the same time, at most.
    package var maxConcurrency: Int?
    /// Hours until tasks that were not dispatched expire.
    package var windowHours: Int?
    /// The label of the project that it counts for.
    package var project: String?

    /// A draft from its parts.
    package init(
        requestID: String, model: String, name: String? = nil, tasks: [TaskDraft],
        defaults: TaskDefaults = TaskDefaults(),
        metadata: [String: String] = [:], maxConcurrency: Int? = nil, windowHours: Int? = nil,
        project: String? = nil
    ) {
        self.requestID = requestID
        self.model = model
        self.name = name
        self.tasks = tasks
        self.defaults = defaults
        self.metadata = metadata
        self.maxConcurrency = maxConcurrency
        self.windowHours = windowHours
        self.project = project
    }
}

/// One row of the sheet; nil means "not given".
package struct TaskDraft: Sendable, Equatable {
    /// The caller's name of the task.
    package var customID: String?
    /// What the video shows.
    package var prompt: String?
    /// Length in seconds.
    package var seconds: Int?
    /// Pixels, as `1280x720`.
    package var size: String?

    /// A row from its cells.
    package init(customID: String? = nil, prompt: String? = nil, seconds: Int? = nil, size: String? = nil) {
        self.customID = customID
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
    }
}

/// What a task takes when it says nothing itself.
package struct TaskDefaults: Sendable, Equatable {
    /// The prompt.
    package var prompt: String?
    /// Length in seconds.
    package var seconds: Int?
    /// Pixels, as `1280x720`.
    package var size: String?

    /// Defaults from their parts.
    package init(prompt: String? = nil, seconds: Int? = nil, size: String? = nil) {
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
    }
}

/// One thing that is wrong with an input, at its place.
package struct InputIssue: Error, Sendable, Equatable {
    /// Where in the input.
    package enum Place: Sendable, Equatable {
        /// A member of the request, such as `request_id`; an empty name means the whole request.
        case field(String)
        /// A member of the task at an index from 0, such as `seconds`.
        case task(Int, field: String)
        /// A pair of the metadata.
        case metadata(String)
    }

    /// Where.
    package let place: Place
    /// A stable code in snake_case.
    package let code: String
    /// A sentence that says what is wrong and what is allowed.
    package let detail: String

    /// An issue from its parts.
    package init(_ place: Place, _ code: String, _ detail: String) {
        self.place = place
        self.code = code
        self.detail = detail
    }

    /// The JSON pointer (RFC 6901) of the place.
    package var pointer: String {
        switch place {
        case .field(let name): name.isEmpty ? "" : "/" + name
        case .task(let index, let field): "/tasks/\(index)" + (field.isEmpty ? "" : "/" + field)
        case .metadata(let key): "/metadata/" + Self.escaped(key)
        }
    }

    private static func escaped(_ key: String) -> String {
        var text = ""
        for character in key {
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)  // every other character stands for itself
            }
        }
        return text
    }
}

/// All that is wrong with an input: at most `Limits.listedErrorsMax` issues, and how many there are.
package struct InputIssues: Error, Sendable, Equatable {
    /// The first issues, in the order of the input.
    package private(set) var listed: [InputIssue] = []
    /// How many there are in all.
    package private(set) var total = 0

    /// No issue yet.
    package init() {}

    /// Notes one.
    package mutating func add(_ issue: InputIssue) {
        total += 1
        if listed.count < Limits.listedErrorsMax { listed.append(issue) }
    }

    /// True when nothing is wrong.
    package var isEmpty: Bool { total == 0 }
}
