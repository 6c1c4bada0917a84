import RushesEngine
import Synchronization
import Testing

@Suite("Requests served together")
struct GatheringTests {
    private struct Failure: Error, Equatable { let number: Int }

    /// Serves requests, holding the first group until a given number of others wait: after it has asked for them, or
    /// before.
    private final class Counter: Sendable {
        let groups = Mutex<[[Int]]>([])
        let gate = AsyncStream<Void>.makeStream()
        private let asksLate: Bool
        private let hasBegun = Atomic(false)

        init(asksLate: Bool = false) {
            self.asksLate = asksLate
        }

        func serve(_ group: Gathering<String, Int, Int>.Group) async throws -> [Result<Int, any Error>] {
            if !asksLate { note(group.requests()) }
            if !hasBegun.exchange(true, ordering: .sequentiallyConsistent) { for await _ in gate.stream { break } }
            if asksLate { note(group.requests()) }
            return group.requests().map { $0 % 10 == 7 ? .failure(Failure(number: $0)) : .success($0 * 2) }
        }

        private func note(_ requests: [Int]) { groups.withLock { $0.append(requests) } }
    }

    private static func gathering(requestsMax: Int = 8, weightMax: Int = 1_000) -> Gathering<String, Int, Int> {
        Gathering(requestsMax: requestsMax, weightMax: weightMax) { $0 }
    }

    /// Asks one after the other: each has its place in the queue before the next one comes.
    private static func ask(
        _ requests: [Int], of gathering: Gathering<String, Int, Int>, _ counter: Counter
    ) async throws -> [Result<Int, any Error>] {
        try await withThrowingTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
            for (index, request) in requests.enumerated() {
                let asked = AsyncStream<Void>.makeStream()
                group.addTask {
                    do {
                        let answer = try await gathering.answer(
                            request, of: "key", isWaiting: { asked.continuation.yield() }, serve: counter.serve)
                        return (index, .success(answer))
                    } catch {
                        return (index, .failure(error))
                    }
                }
                for await _ in asked.stream { break }
            }
            counter.gate.continuation.yield()
            var answers: [Int: Result<Int, any Error>] = [:]
            for try await (index, answer) in group { answers[index] = answer }
            return requests.indices.compactMap { answers[$0] }
        }
    }

    @Test("what comes while one is served is served together, in order, each with its own answer")
    func together() async throws {
        let counter = Counter()
        let answers = try await Self.ask([1, 2, 17, 4, 5], of: Self.gathering(), counter)
        #expect(counter.groups.withLock { $0 } == [[1], [2, 17, 4, 5]])
        #expect(try answers[0].get() == 2 && answers[1].get() == 4 && answers[3].get() == 8 && answers[4].get() == 10)
        #expect(throws: Failure(number: 17)) { try answers[2].get() }
    }

    @Test("a group keeps the limits of number and weight, and one that is too heavy goes alone")
    func limits() async throws {
        let byNumber = Counter()
        _ = try await Self.ask([1, 2, 3, 4, 5, 6], of: Self.gathering(requestsMax: 2), byNumber)
        #expect(byNumber.groups.withLock { $0 } == [[1], [2, 3], [4, 5], [6]])
        let byWeight = Counter()
        _ = try await Self.ask([1, 60, 50, 5_000, 20, 30], of: Self.gathering(weightMax: 100), byWeight)
        #expect(byWeight.groups.withLock { $0 } == [[1], [60], [50], [5_000], [20, 30]])
    }

    @Test("what befalls all is told to each, and the next are served")
    func failure() async throws {
        let gathering = Self.gathering()
        await #expect(throws: Failure(number: 0)) {
            try await gathering.answer(1, of: "key", serve: { _ in throw Failure(number: 0) })
        }
        #expect(try await gathering.answer(2, of: "key", serve: { $0.requests().map { .success($0) } }) == 2)
    }

    @Test("what comes before the group is asked for is in it, within the limits")
    func asLateAsPossible() async throws {
        let counter = Counter(asksLate: true)
        _ = try await Self.ask([1, 2, 3, 4, 5], of: Self.gathering(), counter)
        #expect(counter.groups.withLock(\.self) == [[1, 2, 3, 4, 5]])
        let limited = Counter(asksLate: true)
        _ = try await Self.ask([1, 2, 3, 4, 5], of: Self.gathering(requestsMax: 2), limited)
        #expect(limited.groups.withLock(\.self) == [[1, 2], [3, 4], [5]])
        let weighed = Counter(asksLate: true)
        _ = try await Self.ask([90, 5, 6, 4], of: Self.gathering(weightMax: 100), weighed)
        #expect(weighed.groups.withLock(\.self) == [[90, 5], [6, 4]])
    }

    @Test("a server that fails before it asks for its group fails alone")
    func failsAlone() async throws {
        let gathering = Self.gathering()
        let serving = AsyncStream<Void>.makeStream()
        let asked = AsyncStream<Void>.makeStream()
        let first = Task {
            try await gathering.answer(1, of: "key") { _ in
                serving.continuation.yield()
                for await _ in asked.stream { break }
                throw Failure(number: 1)
            }
        }
        for await _ in serving.stream { break }
        let second = try await gathering.answer(
            2, of: "key", isWaiting: { asked.continuation.yield() },
            serve: { $0.requests().map { .success($0) } })
        #expect(second == 2)
        await #expect(throws: Failure(number: 1)) { try await first.value }
    }

    @Test("each of two keys is served without the other")
    func keys() async throws {
        let gathering = Self.gathering()
        let answer = try await gathering.answer(1, of: "one") { group in
            let other = try await gathering.answer(2, of: "other", serve: { $0.requests().map { .success($0) } })
            return group.requests().map { .success($0 + other) }
        }
        #expect(answer == 3)
    }
}
