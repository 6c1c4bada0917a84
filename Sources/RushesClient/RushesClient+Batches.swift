public import RushesWire

/// The answer to a submission.
public struct Submission: Sendable {
    /// The batch.
    public let batch: BatchBody
    /// True when this `request_id` had been accepted before, so that nothing new was frozen.
    public let isReplay: Bool
}

extension RushesClient {
    /// Creates a batch from a file, or finds the one that the same `request_id` created before.
    ///
    /// - Throws: `RushesClientError`.
    public func submit(_ file: BatchFile) async throws -> Submission {
        let answer = try await exchange.answer(creation(file, isDryRun: false), as: BatchBody.self)
        return Submission(batch: answer.body, isReplay: answer.isReplay)
    }

    /// Creates a batch from values, or finds the one that the same `request_id` created before.
    ///
    /// - Throws: `RushesClientError`.
    public func submit(_ input: BatchInput) async throws -> Submission {
        try await submit(BatchFile(format: .json, bytes: WireJSON.encode(input)))
    }

    /// What a file would cost and take; nothing is written.
    ///
    /// - Throws: `RushesClientError`.
    public func quote(_ file: BatchFile) async throws -> QuoteBody {
        try await exchange.answer(creation(file, isDryRun: true)).body
    }

    /// One batch.
    ///
    /// - Throws: `RushesClientError`.
    public func batch(_ id: String) async throws -> BatchBody {
        try await exchange.answer(.get("/v1/batches/\(percentEncoded(id))")).body
    }

    /// A page of batches, the newest first; `requestID` narrows it to the one batch of that key.
    ///
    /// - Throws: `RushesClientError`.
    public func batches(
        limit: Int? = nil, cursor: String? = nil, requestID: String? = nil
    ) async throws -> ListBody<BatchBody> {
        try await exchange.answer(
            .get("/v1/batches", [("limit", limit.map(String.init)), ("cursor", cursor), ("request_id", requestID)])
        ).body
    }

    /// A page of a batch's tasks in the order of the sheet; `status` narrows it to one stage.
    ///
    /// - Throws: `RushesClientError`.
    public func tasks(
        of batch: String, status: String? = nil, limit: Int? = nil, cursor: String? = nil
    ) async throws -> ListBody<TaskBody> {
        try await exchange.answer(
            .get(
                "/v1/batches/\(percentEncoded(batch))/tasks",
                [("status", status), ("limit", limit.map(String.init)), ("cursor", cursor)])
        ).body
    }

    /// All tasks of a batch in the order of the sheet; `status` narrows it to one stage.
    ///
    /// - Throws: `RushesClientError`.
    public func allTasks(of batch: String, status: String? = nil) async throws -> [TaskBody] {
        try await allPages { try await tasks(of: batch, status: status, limit: 100, cursor: $0) }
    }

    /// One task with its attempts.
    ///
    /// - Throws: `RushesClientError`.
    public func task(_ id: String) async throws -> TaskBody {
        try await exchange.answer(.get("/v1/tasks/\(percentEncoded(id))")).body
    }

    /// Stops what has not been dispatched yet; may be repeated.
    ///
    /// - Throws: `RushesClientError`.
    public func cancel(_ batch: String) async throws -> BatchBody {
        try await exchange.answer(
            .send(.post, "/v1/batches/\(percentEncoded(batch))/cancel", isRepeatable: true)
        ).body
    }

    /// The results so far, as a stream of lines.
    ///
    /// - Throws: `RushesClientError`.
    public func results(of batch: String) async throws -> ResultLines {
        let path = "/v1/batches/\(percentEncoded(batch))/results.jsonl"
        return ResultLines(
            response: try await exchange.stream(.get(path, timeoutSeconds: 3_600)), address: exchange.root)
    }

    private func creation(_ file: BatchFile, isDryRun: Bool) -> Call {
        .send(
            .post, "/v1/batches",
            [
                ("request_id", file.requestID), ("model", file.model), ("name", file.name), ("project", file.project),
                ("dry_run", isDryRun ? "true" : nil),
            ],
            content: .init(type: file.format.contentType, bytes: file.bytes), isRepeatable: true)
    }
}

/// The items of all pages, one page after the other.
func allPages<Item>(_ page: (_ cursor: String?) async throws -> ListBody<Item>) async throws -> [Item] {
    var items: [Item] = []
    var cursor: String?
    repeat {
        let next = try await page(cursor)
        items += next.data
        cursor = next.hasMore ? next.nextCursor : nil
    } while cursor != nil
    return items
}
