import RushesClient
import RushesWire
import UnixSignals

/// Follows a batch until it ends.
struct BatchWatch {
    /// The server.
    let client: RushesClient
    /// The batch.
    let batch: String
    /// Seconds to wait at most; nil for as long as it takes.
    let timeoutSeconds: Int?
    /// What to say when somebody presses Ctrl-C.
    let farewell: String

    /// A watch on a batch whose server is another process, so that the batch outlives the watch.
    init(client: RushesClient, batch: String, timeoutSeconds: Int?, farewell: String? = nil) {
        self.client = client
        self.batch = batch
        self.timeoutSeconds = timeoutSeconds
        self.farewell = farewell ?? "stopped watching; the batch runs on: rushes watch \(batch)"
    }

    /// Shows progress until the batch has ended, and gives its last state.
    ///
    /// Ctrl-C only stops watching: the batch runs on.
    func untilEnd() async throws -> BatchBody {
        try await interruptible(saying: farewell) { try await follow() }
    }

    private func follow() async throws -> BatchBody {
        var display = ProgressDisplay()
        defer { display.finish() }
        let start = ContinuousClock.now
        while true {
            let state = try await client.batch(batch)
            display.show(state)
            if state.finishedAt != nil { return state }
            if let timeoutSeconds, ContinuousClock.now - start >= .seconds(timeoutSeconds) {
                throw Complaint(
                    message: "\(batch) is still \(state.status) after \(timeoutSeconds) s; it runs on", status: .timeout
                )
            }
            try await Task.sleep(for: .milliseconds(Terminal.stderr.isInteractive ? 300 : 1_000))
        }
    }
}

/// Runs `body` until it ends or somebody presses Ctrl-C, which ends it with a message and exit code 130.
func interruptible<Result: Sendable>(
    saying message: String, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return nil }
            return nil
        }
        defer { group.cancelAll() }
        // The signals' task answers nil only when a signal came, so the first answer decides.
        guard let first = try await group.next(), let result = first else {
            throw Complaint(message: message, status: .interrupted)
        }
        return result
    }
}
