import RushesCore
import RushesTesting
import Synchronization
import Testing

@testable import RushesEngine

@Suite("Calls to the outside, several at once")
struct FanOutTests {
    private struct Broken: Error {}

    private static func fanOut(_ width: Int) -> FanOut {
        FanOut(
            width: width,
            environment: Environment(
                now: { Timestamp(milliseconds: 0) }, sleep: { try await Task.sleep(for: .milliseconds($0)) },
                ids: CountingIDs(), random: NoJitter()))
    }

    @Test("one at a time: in order, and handed on once")
    func one() async throws {
        var flushed: [[Int]] = []
        try await Self.fanOut(1).run(Array(0..<300)) {
            $0 * 2
        } flush: {
            flushed.append($0)
        }
        #expect(flushed == [(0..<300).map { $0 * 2 }])
    }

    @Test("no items, no flush", arguments: [1, 8])
    func none(_ width: Int) async throws {
        try await Self.fanOut(width).run([Int]()) {
            $0
        } flush: { _ in
            Issue.record("nothing to hand on")
        }
    }

    @Test("never more at once than the width, and every outcome once", arguments: [2, 7, 64])
    func width(_ width: Int) async throws {
        let gauge = Mutex((now: 0, peak: 0))
        var flushed: [[Int]] = []
        try await Self.fanOut(width).run(Array(0..<600)) { item in
            gauge.withLock { gauge in
                gauge.now += 1
                gauge.peak = max(gauge.peak, gauge.now)
            }
            await Task.yield()
            gauge.withLock { $0.now -= 1 }
            return item
        } flush: {
            flushed.append($0)
        }
        #expect(gauge.withLock { $0.peak } <= width)
        #expect(flushed.flatMap { $0 }.sorted() == Array(0..<600))
        #expect(flushed.allSatisfy { $0.count <= Limits.outcomesPerFlushMax })
    }

    @Test("a fast outcome is handed on while a slow call is under way", .timeLimit(.minutes(1)))
    func tick() async throws {
        let isHandedOn = Mutex(false)
        var flushes: [[Int]] = []
        try await Self.fanOut(2).run([1, 2]) { item in
            // The slow call ends only after the fast one was handed on.
            while item == 2, !isHandedOn.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
            return item
        } flush: { outcomes in
            flushes.append(outcomes)
            isHandedOn.withLock { $0 = true }
        }
        #expect(flushes == [[1], [2]])
    }

    @Test("a flush that fails ends the calls under way", .timeLimit(.minutes(1)))
    func failure() async throws {
        await #expect(throws: Broken.self) {
            try await Self.fanOut(2).run([1, 2]) { item in
                // Cancelled, it ends early.
                if item == 2 { try? await Task.sleep(for: .seconds(600)) }
                return item
            } flush: { _ in
                throw Broken()
            }
        }
    }
}
