import Synchronization

/// The time limits of calls, in virtual time: a call's limit ends when the provider has said that it will say no more,
/// so no test waits and none depends on how fast the machine is.
final class Patience: Sendable {
    fileprivate struct State {
        var isOver = false
        var waiter: CheckedContinuation<Void, Never>?
        var elapsedMilliseconds: Int64 = 0
    }

    private let state = Mutex(State())

    /// How much time has passed during calls.
    var elapsedMilliseconds: Int64 { state.withLock { $0.elapsedMilliseconds } }

    /// Lets time pass for the call that is under way.
    func elapse(milliseconds: Int64) { state.withLock { $0.elapsedMilliseconds += milliseconds } }

    /// The provider falls silent: the limit of the call that is under way, or that is about to begin, is over.
    func end() {
        state.withLock { state in
            state.isOver = true
            return state.take()
        }?.resume()
    }

    /// Waits as long as a call may take.
    func sleep(_ milliseconds: Int64) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isOver || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.take() }?.resume()
        }
        try Task.checkCancellation()
        state.withLock { $0.isOver = false }
    }
}

extension Patience.State {
    fileprivate mutating func take() -> CheckedContinuation<Void, Never>? {
        defer { waiter = nil }
        return waiter
    }
}
