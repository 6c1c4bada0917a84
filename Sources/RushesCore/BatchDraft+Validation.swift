extension BatchDraft {
    /// The valid request, with defaults applied, or everything that is wrong at once.
    ///
    /// The number of tasks is checked against the model's maximum here and against its minimum at the freeze, since a
    /// nearly empty wallet waives the minimum (`product.md` section 3).
    /// - Throws: `InputIssues`.
    package func validated(for organization: OrganizationID, model entry: VideoModel) throws(InputIssues)
        -> BatchRequest
    {
        var issues = InputIssues()
        checkEnvelope(entry, &issues)
        let specifications = specified(entry, &issues)
        guard issues.isEmpty else { throw issues }
        return BatchRequest(
            organization: organization, requestID: requestID, model: entry.id, name: name, tasks: specifications,
            metadata: metadata, maxConcurrency: maxConcurrency, windowHours: windowHours, project: project)
    }

    private func checkEnvelope(_ entry: VideoModel, _ issues: inout InputIssues) {
        if let issue = Self.requestIDIssue(requestID) { issues.add(issue) }
        if let name, name.isEmpty || name.unicodeScalars.count > Limits.nameCharactersMax || name.hasControlCharacters {
            issues.add(
                InputIssue(
                    .field("name"), "invalid_name",
                    "a name has 1 to \(Limits.nameCharactersMax) characters and no control characters"))
        }
        if tasks.isEmpty {
            issues.add(InputIssue(.field("tasks"), "missing_tasks", "a batch has at least one task"))
        } else if tasks.count > min(entry.maxBatch, Limits.tasksPerBatchMax) {
            let most = min(entry.maxBatch, Limits.tasksPerBatchMax)
            issues.add(
                InputIssue(.field("tasks"), "too_many_tasks", "\(tasks.count) tasks; \(entry.id) takes at most \(most)")
            )
        }
        if let maxConcurrency, maxConcurrency < 1 || maxConcurrency > Limits.tasksPerBatchMax {
            issues.add(
                InputIssue(
                    .field("max_concurrency"), "invalid_max_concurrency",
                    "max_concurrency is between 1 and \(Limits.tasksPerBatchMax)"))
        }
        if let windowHours, windowHours < 1 || windowHours > Limits.windowHoursMax {
            issues.add(
                InputIssue(
                    .field("window_hours"), "invalid_window_hours",
                    "window_hours is between 1 and \(Limits.windowHoursMax)"))
        }
        if let project, let issue = Self.projectIssue(project) { issues.add(issue) }
        checkMetadata(&issues)
    }

    private func checkMetadata(_ issues: inout InputIssues) {
        if metadata.count > Limits.metadataPairsMax {
            issues.add(
                InputIssue(
                    .field("metadata"), "metadata_limit", "metadata has at most \(Limits.metadataPairsMax) pairs"))
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let keyIsRight =
                !key.isEmpty && key.unicodeScalars.count <= Limits.metadataKeyCharactersMax && !key.hasControlCharacters
            if !keyIsRight || value.unicodeScalars.count > Limits.metadataValueCharactersMax
                || value.unicodeScalars.contains("\0")
            {
                issues.add(
                    InputIssue(
                        .metadata(key), "metadata_limit",
                        "a metadata key has 1 to \(Limits.metadataKeyCharactersMax) characters, a value at most "
                            + "\(Limits.metadataValueCharactersMax)"))
            }
        }
    }

    private func specified(_ entry: VideoModel, _ issues: inout InputIssues) -> [TaskSpecification] {
        var specifications: [TaskSpecification] = []
        specifications.reserveCapacity(tasks.count)
        var firstIndex: [String: Int] = [:]
        firstIndex.reserveCapacity(tasks.count)
        for (index, task) in tasks.enumerated() {
            let specification = task.specified(index: index, defaults: defaults, model: entry, &issues)
            if let first = firstIndex[specification.customID] {
                issues.add(
                    InputIssue(
                        .task(index, field: "custom_id"), "duplicate_custom_id",
                        "custom_id \(specification.customID) is already that of task \(first)"))
            } else {
                firstIndex[specification.customID] = index
            }
            specifications.append(specification)
        }
        return specifications
    }

    /// What is wrong with a project's label: 1 to 64 characters, none of them a control character.
    package static func projectIssue(_ text: String) -> InputIssue? {
        let isRight =
            !text.isEmpty && text.unicodeScalars.count <= Limits.projectCharactersMax && !text.hasControlCharacters
        if isRight { return nil }
        return InputIssue(
            .field("project"), "invalid_project",
            "a project has 1 to \(Limits.projectCharactersMax) characters and no control characters")
    }

    /// What is wrong with a `request_id`: 1 to 255 printable ASCII characters.
    package static func requestIDIssue(_ text: String) -> InputIssue? {
        let isRight =
            !text.isEmpty && text.utf8.count <= Limits.requestIDCharactersMax
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7e }
        if isRight { return nil }
        return InputIssue(
            .field("request_id"), "invalid_request_id",
            "request_id has 1 to \(Limits.requestIDCharactersMax) printable ASCII characters")
    }
}

extension TaskDraft {
    fileprivate func specified(
        index: Int, defaults: TaskDefaults, model: VideoModel, _ issues: inout InputIssues
    ) -> TaskSpecification {
        let prompt = self.prompt ?? defaults.prompt ?? ""
        let seconds = self.seconds ?? defaults.seconds ?? model.seconds[0]
        let size = self.size ?? defaults.size ?? model.sizes[0]
        let customID = self.customID ?? Self.defaultCustomID(index: index)
        func issue(_ field: String, _ code: String, _ detail: String) {
            issues.add(InputIssue(.task(index, field: field), code, detail))
        }
        if !Self.isCustomID(customID) {
            issue(
                "custom_id", "invalid_custom_id",
                "custom_id has 1 to \(Limits.customIDCharactersMax) characters of A-Z a-z 0-9 . _ -")
        }
        if prompt.isEmpty {
            issue("prompt", "missing_prompt", "a task has a prompt")
        } else if prompt.unicodeScalars.count > Limits.promptCharactersMax {
            issue("prompt", "prompt_too_long", "a prompt has at most \(Limits.promptCharactersMax) characters")
        } else if prompt.hasForbiddenControlCharacters {
            issue("prompt", "invalid_characters", "a prompt has no control characters but newline and tab")
        }
        if !model.seconds.contains(seconds) {
            let allowed = model.seconds.map(String.init).joined(separator: ", ")
            issue("seconds", "unsupported_seconds", "\(model.id) accepts \(allowed) seconds, not \(seconds)")
        }
        if !model.sizes.contains(size) {
            issue("size", "unsupported_size", "\(model.id) accepts \(model.sizes.joined(separator: ", "))")
        }
        return TaskSpecification(customID: customID, prompt: prompt, seconds: seconds, size: size)
    }

    /// The name of a task that has none: `row-000001` for the first.
    private static func defaultCustomID(index: Int) -> String {
        let digits = String(index + 1)
        return "row-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private static func isCustomID(_ text: String) -> Bool {
        let bytes = text.utf8
        return !bytes.isEmpty && bytes.count <= Limits.customIDCharactersMax
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false  // bytes are no enum of ours
                }
            }
    }
}

extension String {
    /// True when a character below space, or DEL, stands in the text.
    package var hasControlCharacters: Bool {
        utf8.contains { $0 < 0x20 || $0 == 0x7f }
    }

    /// True when a control character other than newline, carriage return and tab stands in the text.
    package var hasForbiddenControlCharacters: Bool {
        utf8.contains { ($0 < 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d) || $0 == 0x7f }
    }
}
