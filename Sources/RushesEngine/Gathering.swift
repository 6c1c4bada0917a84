import Synchronization

/// Requests that would wait for each other anyway, such as those that lock one row, served together: while one caller
/// serves, the requests that arrive wait, and then the first of them serves them all.
///
/// A caller serves its own request and those of others once, so that nobody serves for ever.
package final class Gathering<Key: Hashable & Sendable, Request: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting: Sendable {
        let request: Request
        let continuation: CheckedContinuation<Turn, Never>
    }

    private enum Turn: Sendable {
        /// The caller serves its own request and these.
        case serves([Waiting])
        /// Somebody else has served it.
        case answered(Result<Answer, any Error>)
    }

    /// Who waits, by the key that somebody serves; a key that nobody serves is not here.
    private let queues = Mutex<[Key: [Waiting]]>([:])
    private let weight: @Sendable (Request) -> Int
    private let weightMax: Int
    private let requestsMax: Int

    /// Nobody waits yet.
    ///
    /// - Parameters:
    ///   - requestsMax: requests served together, at most.
    ///   - weightMax: their weight together, at most; a single request may weigh more.
    ///   - weight: what a request weighs.
    package init(requestsMax: Int, weightMax: Int, weight: @escaping @Sendable (Request) -> Int) {
        self.requestsMax = requestsMax
        self.weightMax = weightMax
        self.weight = weight
    }

    /// Serves a request, alone or with others of its key, by this caller or another.
    ///
    /// - Parameters:
    ///   - isWaiting: called when the request has its place, before anybody serves it.
    ///   - serve: answers requests, each in its place; throws what befalls them all.
    /// - Throws: the request's own failure, or what `serve` throws.
    package func answer(
        _ request: Request, of key: Key, isWaiting: @escaping @Sendable () -> Void = {},
        serve: ([Request]) async throws -> [Result<Answer, any Error>]
    ) async throws -> Answer {
        switch await turn(of: request, key, isWaiting) {
        case .answered(let result): return try result.get()
        case .serves(let others): return try await self.serve(request, others, key, serve).get()
        }
    }

    private func turn(of request: Request, _ key: Key, _ isWaiting: () -> Void) async -> Turn {
        await withCheckedContinuation { continuation in
            let isFirst = queues.withLock { queues in
                guard queues[key] == nil else {
                    queues[key]?.append(Waiting(request: request, continuation: continuation))
                    return false
                }
                queues[key] = []
                return true
            }
            isWaiting()
            if isFirst { continuation.resume(returning: .serves([])) }
        }
    }

    private func serve(
        _ request: Request, _ others: [Waiting], _ key: Key,
        _ serve: ([Request]) async throws -> [Result<Answer, any Error>]
    ) async -> Result<Answer, any Error> {
        let answers: [Result<Answer, any Error>]
        do {
            answers = try await serve([request] + others.map(\.request))
            precondition(answers.count == others.count + 1, "each request gets its answer")
        } catch {
            answers = Array(repeating: .failure(error), count: others.count + 1)
        }
        handOver(key)
        for (waiting, answer) in zip(others, answers.dropFirst()) {
            waiting.continuation.resume(returning: .answered(answer))
        }
        return answers[0]
    }

    /// Lets the first one that waits serve; the key is free again when nobody does.
    private func handOver(_ key: Key) {
        let next: (first: Waiting, others: [Waiting])? = queues.withLock { queues in
            guard let queue = queues[key], !queue.isEmpty else {
                queues[key] = nil
                return nil
            }
            let count = countServedTogether(queue)
            queues[key] = Array(queue[count...])
            return (queue[0], Array(queue[1..<count]))
        }
        next?.first.continuation.resume(returning: .serves(next?.others ?? []))
    }

    /// The longest beginning of a queue that keeps the limits; one at least.
    private func countServedTogether(_ queue: [Waiting]) -> Int {
        var sum = 0
        for (index, waiting) in queue.prefix(requestsMax).enumerated() {
            sum += weight(waiting.request)
            if index > 0 && sum > weightMax { return index }
        }
        return min(queue.count, requestsMax)
    }
}
