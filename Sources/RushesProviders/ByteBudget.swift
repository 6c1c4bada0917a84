import Synchronization

/// Bytes of memory that large answers of providers may take together, over all adapters of a process. Who wants more
/// than is left waits, in the order of asking.
package final class ByteBudget: Sendable {
    private struct State {
        var taken: Int64 = 0
        var most: Int64 = 0
        var waiting: [Waiter] = []
        var nextWaiter = 0
    }

    private struct Waiter {
        let id: Int
        let bytes: Int64
        let go: CheckedContinuation<Bool, Never>
    }

    /// Bytes at the same time, at most.
    package let bytesMax: Int64
    private let state = Mutex(State())

    /// A budget of so many bytes.
    package init(bytesMax: Int64) {
        self.bytesMax = bytesMax
    }

    /// Bytes that were taken at the same time, at most so far.
    package var bytesTakenMost: Int64 { state.withLock(\.most) }
    /// Bytes that are taken now.
    package var bytesTaken: Int64 { state.withLock(\.taken) }

    /// Takes bytes when they are there; one that wants more than there can be gets all of them. They are given back
    /// when the lease is over.
    ///
    /// - Throws: `CancellationError` when the task was cancelled while it waited.
    package func take(_ bytes: Int64) async throws -> ByteLease {
        let bytes = min(max(bytes, 0), bytesMax)
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let isTaken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    if Task.isCancelled { return continuation.resume(returning: false) }
                    state.waiting.append(Waiter(id: id, bytes: bytes, go: continuation))
                    serve(&state)
                }
            }
        } onCancel: {
            state.withLock { state in
                guard let place = state.waiting.firstIndex(where: { $0.id == id }) else { return }
                state.waiting.remove(at: place).go.resume(returning: false)
                serve(&state)
            }
        }
        guard isTaken else { throw CancellationError() }
        return ByteLease(bytes, of: self)
    }

    /// Lets those go for whom there are bytes, the first one first, so that a large answer is not waited for in vain.
    private func serve(_ state: inout State) {
        while let first = state.waiting.first, state.taken + first.bytes <= bytesMax {
            state.waiting.removeFirst()
            state.taken += first.bytes
            state.most = max(state.most, state.taken)
            first.go.resume(returning: true)
        }
    }

    fileprivate func giveBack(_ bytes: Int64) {
        state.withLock { state in
            state.taken -= bytes
            serve(&state)
        }
    }
}

/// Bytes of a budget, until nobody holds it any more.
package final class ByteLease: Sendable {
    private let budget: ByteBudget
    private let bytes: Mutex<Int64>

    fileprivate init(_ bytes: Int64, of budget: ByteBudget) {
        self.budget = budget
        self.bytes = Mutex(bytes)
    }

    /// Gives back what is above so many bytes.
    func shrink(to fewer: Int64) {
        let rest = bytes.withLock { bytes in
            defer { bytes = min(bytes, fewer) }
            return max(0, bytes - fewer)
        }
        if rest > 0 { budget.giveBack(rest) }
    }

    deinit { budget.giveBack(bytes.withLock { $0 }) }
}

/// What was read from a large answer, with the bytes that it takes.
struct Held<Value> {
    let value: Value
    let lease: ByteLease?

    /// Uses the value; its bytes are taken until then.
    func use<Result>(_ work: (Value) async throws -> Result) async rethrows -> Result {
        defer { withExtendedLifetime(lease) {} }
        return try await work(value)
    }
}
