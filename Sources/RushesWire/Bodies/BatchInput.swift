/// The JSON request that creates a batch, as a client writes it; the server reads it with `BatchJSON`.
public struct BatchInput: Codable, Sendable, Equatable {
    /// The idempotency key: 1 to 255 printable ASCII characters.
    public var requestID: String
    /// The catalogue's model id.
    public var model: String
    /// A name for people.
    public var name: String?
    /// The tasks in order.
    public var tasks: [TaskInput]
    /// What a task takes when it says nothing itself.
    public var defaults: TaskInputDefaults?
    /// The caller's own pairs.
    public var metadata: [String: String]?
    /// Tasks running at the same time, at most.
    public var maxConcurrency: Int?
    /// Hours until tasks that were not dispatched expire.
    public var windowHours: Int?
    /// The label of the project that it counts for.
    public var project: String?

    /// The body from its members, in the order of the fields.
    public init(
        requestID: String, model: String, name: String? = nil, tasks: [TaskInput],
        defaults: TaskInputDefaults? = nil, metadata: [String: String]? = nil, maxConcurrency: Int? = nil,
        windowHours: Int? = nil, project: String? = nil
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

    private enum CodingKeys: String, CodingKey {
        case requestID = "request_id"
        case model
        case name
        case tasks
        case defaults
        case metadata
        case maxConcurrency = "max_concurrency"
        case windowHours = "window_hours"
        case project
    }
}

/// One task of a request.
public struct TaskInput: Codable, Sendable, Equatable {
    /// The caller's name; `row-000001` and so on when it is missing.
    public var customID: String?
    /// What the video shows.
    public var prompt: String?
    /// Length in seconds.
    public var seconds: Int?
    /// Pixels, as `1280x720`.
    public var size: String?

    /// The body from its members, in the order of the fields.
    public init(customID: String? = nil, prompt: String? = nil, seconds: Int? = nil, size: String? = nil) {
        self.customID = customID
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
    }

    private enum CodingKeys: String, CodingKey {
        case customID = "custom_id"
        case prompt
        case seconds
        case size
    }
}

/// What a task takes when it says nothing itself.
public struct TaskInputDefaults: Codable, Sendable, Equatable {
    /// What the video shows.
    public var prompt: String?
    /// Length in seconds.
    public var seconds: Int?
    /// Pixels, as `1280x720`.
    public var size: String?

    /// The body from its members, in the order of the fields.
    public init(prompt: String? = nil, seconds: Int? = nil, size: String? = nil) {
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
    }

    private enum CodingKeys: String, CodingKey {
        case prompt
        case seconds
        case size
    }
}
