package import Foundation

extension Process {
    /// Starts the program and waits for its end without blocking a thread of the cooperative pool; when the task is
    /// cancelled it is asked to end.
    ///
    /// - Parameter isKilled: it is not asked but killed, for a program that works on a file which we do not trust.
    /// - Throws: `CancellationError`, or the system's error when it cannot be started.
    package func exitStatus(isKilled: Bool = false) async throws -> Int32 {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try run()
                } catch {
                    terminationHandler = nil
                    continuation.resume(throwing: error)
                    return
                }
                // A cancellation that came before the program ran has found nothing to end.
                if Task.isCancelled { end(isKilled) }
            }
        } onCancel: {
            end(isKilled)
        }
    }

    private func end(_ isKilled: Bool) {
        guard isRunning else { return }
        if isKilled {
            kill(processIdentifier, SIGKILL)
        } else {
            terminate()
        }
    }
}
