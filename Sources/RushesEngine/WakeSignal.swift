import Synchronization

/// Wakes a worker before its pause is over; a wake-up while nobody waits is kept for the next wait.
package final class WakeSignal: Sendable {
    private struct State {
        var isPending = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// A signal that nobody has sent.
    package init() {}

    /// Ends all waits, or the next one.
    package func wake() {
        let waiters = state.withLock { state in
            defer { state.waiters = [:] }
            state.isPending = state.waiters.isEmpty
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns at the next wake-up, after `milliseconds`, or when the task is cancelled.
    package func wait(milliseconds: Int64, _ environment: Environment) async {
        await withTaskGroup(of: Void.self) { group in
            // A cancelled sleep ends the wait just as its end does.
            group.addTask { try? await environment.sleep(milliseconds) }
            group.addTask { await self.waitForWake() }
            await group.next()
            group.cancelAll()
        }
    }

    private func waitForWake() async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isPending || Task.isCancelled {
                        state.isPending = false
                        return true
                    }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}

/// The signals between the use cases and the workers of one process.
package struct WakeSignals: Sendable {
    /// Something may be dispatched.
    package let dispatcher = WakeSignal()
    /// A job may have ended.
    package let poller = WakeSignal()
    /// A job that nobody waits for any more may have ended.
    package let watcher = WakeSignal()
    /// A video waits to be stored.
    package let archiver = WakeSignal()
    /// A posting may be due.
    package let settler = WakeSignal()
    /// Tasks may have to be ended.
    package let sweeper = WakeSignal()
    /// There may be events to tell of.
    package let announcer = WakeSignal()
    /// Webhooks may be due.
    package let courier = WakeSignal()

    /// Signals that nobody has sent.
    package init() {}
}
