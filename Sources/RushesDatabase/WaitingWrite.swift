/// A write whose caller waits: its body, and the two ways in which it is answered.
package struct WaitingWrite: Sendable {
    /// Bodies run at most so often: the first time and three repetitions.
    package static let runsMax = 4

    /// Which writes it may share a transaction with.
    package let group: WriteGroup?
    /// Runs the body; what it returns tells the caller the result, and is called once the commit is durable.
    package let run: @Sendable (any SQLTransaction) throws -> @Sendable () -> Void
    /// Tells the caller that nothing was written, or that nobody knows.
    package let fail: @Sendable (any Error) -> Void
    /// Times that the body has run.
    package private(set) var runs = 0
    /// True when it must not share a transaction any more.
    package private(set) var isAlone = false

    /// A write that answers a continuation.
    package init<Result: Sendable>(
        group: WriteGroup?, body: @escaping @Sendable (any SQLTransaction) throws -> Result,
        answering continuation: CheckedContinuation<Result, any Error>
    ) {
        self.group = group
        run = { transaction in
            let result = try body(transaction)
            return { continuation.resume(returning: result) }
        }
        fail = { continuation.resume(throwing: $0) }
    }

    /// The same write after one more run.
    fileprivate func counted(alone: Bool = false) -> WaitingWrite {
        var next = self
        next.runs += 1
        next.isAlone = isAlone || alone
        return next
    }
}

/// One connection's transactions, as group commit drives them.
package protocol TransactionControl {
    /// Begins a transaction.
    func begin() throws -> any SQLTransaction
    /// Marks where the next body begins.
    func setSavepoint() throws
    /// Keeps what a body has written.
    func releaseSavepoint() throws
    /// Undoes what a body has written.
    func rollBackToSavepoint() throws
    /// Makes the transaction durable, or rolls it back and throws.
    func commit() throws
    /// Undoes the transaction; never fails, since a connection that cannot roll back is given up.
    func rollBack()
}

extension TransactionControl {
    /// Runs waiting writes in one transaction, each in its savepoint, and answers their callers after the common
    /// commit.
    ///
    /// A body that fails is undone alone. What it threw is told only after the commit too, because it may have been
    /// decided on what the bodies before it wrote.
    /// - Returns: the writes that must run again, after a conflict or a broken connection.
    package func commitTogether(_ writes: [WaitingWrite]) -> [WaitingWrite] {
        if writes.isEmpty { return [] }
        var group = GroupCommit(isShared: writes.count > 1)
        do {
            let transaction = try begin()
            for write in writes { try perform(write, in: transaction, &group) }
            if group.isEmpty { rollBack() } else { try commit() }
        } catch let error as BodyFailure {
            rollBack()
            return group.undone(by: error.error, writes)
        } catch {
            return group.undone(by: error, writes)
        }
        return group.committed()
    }

    private func perform(_ write: WaitingWrite, in transaction: any SQLTransaction, _ group: inout GroupCommit) throws {
        guard group.isShared else {
            do {
                group.succeeded(write, try write.run(transaction))
            } catch {
                throw BodyFailure(error: error)
            }
            return
        }
        try setSavepoint()
        do {
            let answer = try write.run(transaction)
            try releaseSavepoint()
            group.succeeded(write, answer)
        } catch {
            try rollBackToSavepoint()
            group.failed(write, error)
        }
    }
}

/// A body threw in a transaction of its own.
private struct BodyFailure: Error {
    let error: any Error
}

/// What has become of the writes of one transaction.
private struct GroupCommit {
    let isShared: Bool
    private var answers: [(write: WaitingWrite, tell: @Sendable () -> Void)] = []
    private var failures: [(write: WaitingWrite, error: any Error)] = []

    init(isShared: Bool) {
        self.isShared = isShared
    }

    /// True when no body has written anything that is kept.
    var isEmpty: Bool { answers.isEmpty }

    mutating func succeeded(_ write: WaitingWrite, _ tell: @escaping @Sendable () -> Void) {
        answers.append((write, tell))
    }

    mutating func failed(_ write: WaitingWrite, _ error: any Error) {
        failures.append((write, error))
    }

    /// The commit is durable: everybody is told, except those that met a conflict and run again.
    func committed() -> [WaitingWrite] {
        for answer in answers { answer.tell() }
        return failures.compactMap { write, error in again(write, after: error) }
    }

    /// Nothing is durable, or nobody knows.
    func undone(by error: any Error, _ writes: [WaitingWrite]) -> [WaitingWrite] {
        guard isShared else { return writes.compactMap { again($0, after: error) } }
        if (error as? DatabaseError)?.kind == .commitOutcomeUnknown {
            for answer in answers { answer.write.fail(error) }
            return failures.compactMap { again($0.write, after: $0.error, alone: true) }
        }
        // One body may have spoilt the commit of all, such as by a constraint that is checked there.
        return writes.compactMap { write in
            write.runs + 1 < WaitingWrite.runsMax ? write.counted(alone: true) : again(write, after: error)
        }
    }

    private func again(_ write: WaitingWrite, after error: any Error, alone: Bool = false) -> WaitingWrite? {
        if (error as? DatabaseError)?.allowsRepetition == true, write.runs + 1 < WaitingWrite.runsMax {
            return write.counted(alone: alone)
        }
        write.fail(error)
        return nil
    }
}

extension DatabaseError {
    /// True when nothing was written and the same body may go through at the next time.
    package var allowsRepetition: Bool {
        switch kind {
        case .busy, .serialization, .connectionLost: true
        case .uniqueViolation, .constraintViolation, .unavailable, .commitOutcomeUnknown, .decoding, .invalidStatement,
            .fatal:
            false
        }
    }
}
