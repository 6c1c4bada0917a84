import RushesCore

/// Reads the JSON request that creates a batch, member by member and without a tree in between.
package enum BatchJSON {
    /// The batch, with an issue for each member that is unknown, missing or of the wrong type.
    ///
    /// A request without `request_id` gets `otherwiseRequestID`, which is for a dry run; nil makes it an issue.
    /// - Throws: `JSONDefect` when the text is not JSON that we read.
    package static func read(
        _ bytes: [UInt8], otherwiseRequestID: String? = nil
    ) throws(JSONDefect) -> ParsedBatch {
        var reader = JSONReader(bytes)
        var parsed = ParsedBatch(draft: BatchDraft(requestID: otherwiseRequestID ?? "", model: "", tasks: []))
        guard try reader.next() == .object else {
            try reader.skip()
            try reader.finish()
            parsed.issues.add(IssueBody(pointer: "", code: "invalid_type", detail: "the request is an object"))
            return parsed
        }
        var seen: Set<String> = []
        try reader.object { (reader, key) throws(JSONDefect) in
            if try reader.next() != .null { seen.insert(key) }
            try member(key, &reader, &parsed)
        }
        try reader.finish()
        let required = (otherwiseRequestID == nil ? ["request_id"] : []) + ["model", "tasks"]
        for name in required where !seen.contains(name) {
            parsed.issues.add(IssueBody(pointer: "/" + name, code: "missing_field", detail: "\(name) is required"))
        }
        return parsed
    }

    private static func member(
        _ key: String, _ reader: inout JSONReader, _ parsed: inout ParsedBatch
    ) throws(JSONDefect) {
        switch key {
        case "request_id": parsed.draft.requestID = try reader.string(or: &parsed.issues) ?? ""
        case "model": parsed.draft.model = try reader.string(or: &parsed.issues) ?? ""
        case "name": parsed.draft.name = try reader.string(or: &parsed.issues)
        case "max_concurrency": parsed.draft.maxConcurrency = try reader.integer(or: &parsed.issues)
        case "window_hours": parsed.draft.windowHours = try reader.integer(or: &parsed.issues)
        case "project": parsed.draft.project = try reader.string(or: &parsed.issues)
        case "tasks": parsed.draft.tasks = try tasks(&reader, &parsed.issues)
        case "defaults": parsed.draft.defaults = try defaults(&reader, &parsed.issues)
        case "metadata": parsed.draft.metadata = try metadata(&reader, &parsed.issues)
        default: try reader.refuseUnknown(&parsed.issues)
        }
    }

    private static func tasks(
        _ reader: inout JSONReader, _ issues: inout IssueList
    ) throws(JSONDefect) -> [TaskDraft] {
        var tasks: [TaskDraft] = []
        guard try reader.expects(.array, "an array", &issues) else { return tasks }
        try reader.array { (reader, _) throws(JSONDefect) in
            tasks.append(try task(&reader, &issues))
        }
        return tasks
    }

    /// Reads one task; also a line of a JSONL sheet.
    static func task(_ reader: inout JSONReader, _ issues: inout IssueList) throws(JSONDefect) -> TaskDraft {
        var task = TaskDraft()
        guard try reader.expects(.object, "an object", &issues) else { return task }
        try reader.object { (reader, key) throws(JSONDefect) in
            switch key {
            case "custom_id": task.customID = try reader.string(or: &issues)
            case "prompt": task.prompt = try reader.string(or: &issues)
            case "seconds": task.seconds = try reader.integer(or: &issues)
            case "size": task.size = try reader.string(or: &issues)
            default: try reader.refuseUnknown(&issues)
            }
        }
        return task
    }

    private static func defaults(
        _ reader: inout JSONReader, _ issues: inout IssueList
    ) throws(JSONDefect) -> TaskDefaults {
        var defaults = TaskDefaults()
        guard try reader.expects(.object, "an object", &issues) else { return defaults }
        try reader.object { (reader, key) throws(JSONDefect) in
            switch key {
            case "prompt": defaults.prompt = try reader.string(or: &issues)
            case "seconds": defaults.seconds = try reader.integer(or: &issues)
            case "size": defaults.size = try reader.string(or: &issues)
            default: try reader.refuseUnknown(&issues)
            }
        }
        return defaults
    }

    private static func metadata(
        _ reader: inout JSONReader, _ issues: inout IssueList
    ) throws(JSONDefect) -> [String: String] {
        var metadata: [String: String] = [:]
        guard try reader.expects(.object, "an object", &issues) else { return metadata }
        try reader.object { (reader, key) throws(JSONDefect) in
            if let value = try reader.string(or: &issues) { metadata[key] = value }
        }
        return metadata
    }
}

extension JSONReader {
    /// Reads a string; nil for null, and with an issue for anything else.
    fileprivate mutating func string(or issues: inout IssueList) throws(JSONDefect) -> String? {
        try expects(.string, "a string", &issues) ? try string() : nil
    }

    /// Reads an integer; nil for null, and with an issue for anything else.
    fileprivate mutating func integer(or issues: inout IssueList) throws(JSONDefect) -> Int? {
        guard try expects(.number, "an integer", &issues) else { return nil }
        if let value = try integer() { return Int(value) }
        issues.add(
            IssueBody(
                pointer: pointer, code: "invalid_type", detail: "an integer is expected, without point or exponent")
        )
        return nil
    }

    fileprivate mutating func refuseUnknown(_ issues: inout IssueList) throws(JSONDefect) {
        issues.add(IssueBody(pointer: pointer, code: "unknown_field", detail: "there is no such member"))
        try skip()
    }

    /// True when the next value is of the kind; else it is skipped, with an issue unless it is null.
    fileprivate mutating func expects(
        _ kind: Kind, _ words: String, _ issues: inout IssueList
    ) throws(JSONDefect) -> Bool {
        let found = try next()
        if found == kind { return true }
        if found != .null {
            issues.add(IssueBody(pointer: pointer, code: "invalid_type", detail: "\(words) is expected"))
        }
        try skip()
        return false
    }
}
