/// A valid batch request, with every default applied: what two requests are compared by.
package struct BatchRequest: Sendable, Equatable {
    /// Who asks.
    package let organization: OrganizationID
    /// The caller's idempotency key.
    package let requestID: String
    /// The catalogue's model id.
    package let model: String
    /// A name for people.
    package let name: String?
    /// The tasks in order.
    package let tasks: [TaskSpecification]
    /// The caller's own pairs.
    package let metadata: [String: String]
    /// Tasks running at the same time, at most.
    package let maxConcurrency: Int?
    /// Hours until tasks that were not dispatched expire, when the caller said so.
    package let windowHours: Int?
    /// The label of the project that it counts for.
    package let project: String?

    /// A request from parts that are known to be valid, such as those read back from the database.
    package init(
        organization: OrganizationID, requestID: String, model: String, name: String?, tasks: [TaskSpecification],
        metadata: [String: String], maxConcurrency: Int?, windowHours: Int?, project: String? = nil
    ) {
        self.organization = organization
        self.requestID = requestID
        self.model = model
        self.name = name
        self.tasks = tasks
        self.metadata = metadata
        self.maxConcurrency = maxConcurrency
        self.windowHours = windowHours
        self.project = project
    }
}

/// One video to make.
package struct TaskSpecification: Sendable, Equatable {
    /// The caller's name, unique in the batch.
    package let customID: String
    /// What the video shows.
    package let prompt: String
    /// Length in seconds.
    package let seconds: Int
    /// Pixels, as `1280x720`.
    package let size: String

    /// A specification from its parts.
    package init(customID: String, prompt: String, seconds: Int, size: String) {
        self.customID = customID
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
    }
}

extension BatchRequest {
    /// The JSON pointer of the first member in which two requests under one key differ; nil when they are equal.
    package func firstDifference(from other: BatchRequest) -> String? {
        if model != other.model { return "/model" }
        if name != other.name { return "/name" }
        if let index = zip(tasks, other.tasks).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
            return "/tasks/\(index)/" + tasks[index].firstDifference(from: other.tasks[index])
        }
        if tasks.count != other.tasks.count { return "/tasks/\(min(tasks.count, other.tasks.count))" }
        if metadata != other.metadata { return "/metadata" }
        if maxConcurrency != other.maxConcurrency { return "/max_concurrency" }
        if windowHours != other.windowHours { return "/window_hours" }
        if project != other.project { return "/project" }
        return nil
    }
}

extension TaskSpecification {
    fileprivate func firstDifference(from other: TaskSpecification) -> String {
        if customID != other.customID { return "custom_id" }
        if prompt != other.prompt { return "prompt" }
        if seconds != other.seconds { return "seconds" }
        return "size"
    }
}
