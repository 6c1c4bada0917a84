import RushesDatabase

/// A read whose caller waits.
struct WaitingRead: QueuedWork {
    /// What is to be read.
    enum Kind: Sendable {
        /// A body with a transaction around it; what it returns tells the caller the result.
        case body(@Sendable (any SQLReading) throws -> @Sendable () -> Void)
        /// A query by itself; the function tells the caller what its rows mean.
        case query(SQLQuestion, answer: @Sendable ([SQLRow]) throws -> Void)
    }

    let kind: Kind
    let fail: @Sendable (any Error) -> Void
    /// Times that it has run.
    private(set) var runs = 0

    var group: WriteGroup? { nil }
    var isAlone: Bool { true }
    var isBrief: Bool {
        switch kind {
        case .body: false
        case .query: true
        }
    }

    init<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result,
        answering continuation: CheckedContinuation<Result, any Error>
    ) {
        kind = .body { reader in
            let result = try body(reader)
            return { continuation.resume(returning: result) }
        }
        fail = { continuation.resume(throwing: $0) }
    }

    init<Result: Sendable>(_ query: SingleQuery<Result>, answering continuation: CheckedContinuation<Result, any Error>)
    {
        kind = .query(query.question) { rows in
            let result = try query.reading(rows)
            continuation.resume(returning: result)
        }
        fail = { continuation.resume(throwing: $0) }
    }

    /// What a read by itself asks.
    var question: SQLQuestion {
        switch kind {
        case .body: preconditionFailure("a body has no single query")
        case .query(let question, _): question
        }
    }

    /// Tells the caller of a query its rows, or why there are none.
    func answer(_ rows: Swift.Result<[SQLRow], DatabaseError>) {
        do {
            switch kind {
            case .body: preconditionFailure("a body answers its caller itself")
            case .query(_, let answer): try answer(rows.get())
            }
        } catch {
            fail(error)
        }
    }

    /// The same read after a failure that allows another run; otherwise the caller hears of it, and nil.
    func again(after error: any Error) -> WaitingRead? {
        var next = self
        next.runs += 1
        if (error as? DatabaseError)?.allowsRepetition == true, next.runs < WaitingWrite.runsMax { return next }
        fail(error)
        return nil
    }
}

extension WaitingWrite: QueuedWork {
    var isBrief: Bool { false }
}
