package import Foundation

extension Process {
    /// Starts the program and waits for its end without blocking a thread of the cooperative pool; it is ended when the
    /// task is cancelled.
    ///
    /// - Throws: `CancellationError`, or the system's error when it cannot be started.
    package func exitStatus() async throws -> Int32 {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try run()
                } catch {
                    terminationHandler = nil
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            if isRunning { terminate() }
        }
    }
}
