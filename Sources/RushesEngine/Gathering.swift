import Synchronization

/// Requests that would wait for each other anyway, such as those that lock one row, served together: while one caller
/// serves, the requests that arrive wait, and then the first of them serves all that wait when it really begins.
///
/// A caller serves its own request and those of others once, so that nobody serves for ever.
package final class Gathering<Key: Hashable & Sendable, Request: Sendable, Answer: Sendable>: Sendable {
    fileprivate struct Waiting: Sendable {
        let request: Request
        let continuation: CheckedContinuation<Turn, Never>
    }

    fileprivate enum Turn: Sendable {
        /// The caller serves.
        case serves
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

    /// The requests of one turn: whoever serves asks for them as late as it can, since what came until then is served
    /// too.
    package final class Group: Sendable {
        private let own: Request
        private let take: @Sendable () -> [Waiting]
        private let taken = Mutex<[Waiting]?>(nil)

        fileprivate init(_ own: Request, take: @escaping @Sendable () -> [Waiting]) {
            self.own = own
            self.take = take
        }

        /// The request of the caller that serves, and those that waited when this was first called; always the same.
        package func requests() -> [Request] {
            taken.withLock { taken in
                let others = taken ?? take()
                taken = others
                return [own] + others.map(\.request)
            }
        }

        /// Those that wait for this turn's answers.
        fileprivate var others: [Waiting] { taken.withLock { $0 ?? [] } }
    }

    /// Serves a request, alone or with others of its key, by this caller or another.
    ///
    /// - Parameters:
    ///   - isWaiting: called when the request has its place, before anybody serves it.
    ///   - serve: answers the requests of a group, each in its place; throws what befalls them all.
    /// - Throws: the request's own failure, or what `serve` throws.
    package func answer(
        _ request: Request, of key: Key, isWaiting: @escaping @Sendable () -> Void = {},
        serve: (Group) async throws -> [Result<Answer, any Error>]
    ) async throws -> Answer {
        switch await turn(of: request, key, isWaiting) {
        case .answered(let result): return try result.get()
        case .serves: return try await self.serve(request, key, serve).get()
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
            if isFirst { continuation.resume(returning: .serves) }
        }
    }

    private func serve(
        _ request: Request, _ key: Key, _ serve: (Group) async throws -> [Result<Answer, any Error>]
    ) async -> Result<Answer, any Error> {
        let group = Group(request) { [self] in takeWaiting(of: key, beside: request) }
        let answers: [Result<Answer, any Error>]
        do {
            answers = try await serve(group)
            precondition(answers.count == group.others.count + 1, "each request gets its answer")
        } catch {
            answers = Array(repeating: .failure(error), count: group.others.count + 1)
        }
        handOver(key)
        for (waiting, answer) in zip(group.others, answers.dropFirst()) {
            waiting.continuation.resume(returning: .answered(answer))
        }
        return answers[0]
    }

    /// Lets the first one that waits serve; the key is free again when nobody does.
    private func handOver(_ key: Key) {
        let next: Waiting? = queues.withLock { queues in
            guard let queue = queues[key], !queue.isEmpty else {
                queues[key] = nil
                return nil
            }
            queues[key] = Array(queue.dropFirst())
            return queue[0]
        }
        next?.continuation.resume(returning: .serves)
    }

    /// Takes the longest beginning of a queue that keeps the limits together with the request that is served anyway.
    private func takeWaiting(of key: Key, beside request: Request) -> [Waiting] {
        queues.withLock { queues in
            let queue = queues[key] ?? []
            var sum = weight(request)
            let taken = queue.prefix(requestsMax - 1).prefix { waiting in
                sum += weight(waiting.request)
                return sum <= weightMax
            }
            queues[key] = Array(queue.dropFirst(taken.count))
            return Array(taken)
        }
    }
}
