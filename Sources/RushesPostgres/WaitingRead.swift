import RushesDatabase

/// A read whose caller waits.
struct WaitingRead: QueuedWork {
    /// Runs the body; what it returns tells the caller the result.
    let run: @Sendable (any SQLReading) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
    /// Times that the body has run.
    private(set) var runs = 0

    var group: WriteGroup? { nil }
    var isAlone: Bool { true }

    init<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result,
        answering continuation: CheckedContinuation<Result, any Error>
    ) {
        run = { reader in
            let result = try body(reader)
            return { continuation.resume(returning: result) }
        }
        fail = { continuation.resume(throwing: $0) }
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

extension WaitingWrite: QueuedWork {}
