import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesProviders
import RushesTesting
import Synchronization
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers with videos in them share a bounded memory: who wants more waits.
@Suite("The memory of large answers")
struct ByteBudgetTests {
    @Test("bytes are given in the order of asking, and come back with the lease")
    func order() async throws {
        let budget = ByteBudget(bytesMax: 100)
        let first = Mutex<ByteLease?>(try await budget.take(60))
        #expect(budget.bytesTaken == 60)
        let order = Order()
        // The second one has room, but the first one came before it.
        async let large: Void = Self.take(50, of: budget) { order.numbers.withLock { $0.append(1) } }
        try await ProviderFixture.environment.sleep(50)
        async let small: Void = Self.take(10, of: budget) { order.numbers.withLock { $0.append(2) } }
        try await ProviderFixture.environment.sleep(50)
        #expect(order.numbers.withLock { $0 } == [] && budget.bytesTaken == 60)
        first.withLock { $0 = nil }
        _ = try await (large, small)
        #expect(order.numbers.withLock { $0 }.sorted() == [1, 2] && budget.bytesTaken == 0)
        // More than there can be: all of it.
        let all = try await budget.take(1_000)
        #expect(budget.bytesTaken == 100 && budget.bytesTakenMost == 100)
        withExtendedLifetime(all) {}
    }

    private final class Order: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    private static func take(
        _ bytes: Int64, of budget: ByteBudget, _ taken: @Sendable () -> Void
    ) async throws {
        let lease = try await budget.take(bytes)
        taken()
        withExtendedLifetime(lease) {}
    }

    @Test("who is cancelled while it waits takes nothing and holds nobody up")
    func cancelled() async throws {
        let budget = ByteBudget(bytesMax: 10)
        let held = Mutex<ByteLease?>(try await budget.take(10))
        let waiting = Task { _ = try await budget.take(10) }
        try await ProviderFixture.environment.sleep(50)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        held.withLock { $0 = nil }
        #expect(budget.bytesTaken == 0)
        _ = try await budget.take(10)
    }

    @Test("eight videos at once take no more than two, and all come, although they wait longer than a call may take")
    func bound() async throws {
        let video = Data(repeating: 7, count: 3 << 20)
        let answer = ProviderFixture.vertexAnswer(inline: video.base64EncodedString())
        var limits = ProviderTimeLimits()
        limits.download.inlineAnswersBytesMax = Int64(2 * answer.utf8.count)
        limits.readMilliseconds = 3_000
        try await ProviderFixture.withVertex(answering: answer, limits) { provider, connections in
            let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...8 {
                    group.addTask {
                        var length = 0
                        let job = ProviderJobID("projects/p/models/m/operations/o\(number)")
                        try await provider.download(job) { event in
                            switch event {
                            // Its consumer is slow: the last ones wait for six seconds.
                            case .began: try await ProviderFixture.environment.sleep(1_500)
                            case .bytes(let piece): length += piece.count
                            }
                        }
                        return length
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(lengths == Array(repeating: video.count, count: 8))
            #expect(connections.largeAnswers.bytesTakenMost > Int64(answer.utf8.count))
            #expect(connections.largeAnswers.bytesTakenMost <= Int64(2 * answer.utf8.count))
            #expect(connections.largeAnswers.bytesTaken == 0)
            // A short answer needs none of it.
            _ = await provider.poll(ProviderJobID("projects/p/models/m/operations/o9"))
            #expect(connections.largeAnswers.bytesTaken == 0)
        }
    }
}
