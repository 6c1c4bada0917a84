import Foundation
import NIOCore
import RushesCore
import RushesEngine
import RushesTesting
import Testing

@Suite struct HostileReceiverTests {
    /// The budget and what a busy machine may add to it.
    private static let latestMilliseconds = Limits.webhookBudgetMilliseconds + 1_000

    @Test(.timeLimit(.minutes(1)), arguments: HostileReceiver.allCases)
    func endsInTimeWithTheRightVerdict(_ receiver: HostileReceiver) async throws {
        let (exchange, seen, written) = try await receiver.meet()
        #expect(exchange.failure == receiver.verdict.failure)
        #expect(exchange.status == receiver.verdict.status)
        #expect(exchange.isTruncated == receiver.isTruncated)
        #expect(exchange.timings.totalMilliseconds <= Self.latestMilliseconds)
        #expect(exchange.responseBody.utf8.count <= 3 * Limits.webhookResponseBytesKept)
        #expect(exchange.remoteAddress == "127.0.0.1")
        // One try, whatever came of it; and what was not read stays in the buffers of the operating system.
        #expect(seen.connections == 1 && seen.messages.count == 1)
        #expect(written < 16 << 20)
        if receiver.verdict.failure == .requestTimeout {
            #expect(exchange.timings.totalMilliseconds >= Limits.webhookBudgetMilliseconds - 1)
        }
    }

    @Test func aBombIsNotUnpacked() async throws {
        let exchange = try await HostileReceiver.sendsABomb.meet().exchange
        #expect(HostileReceiver.bomb.readableBytes > Limits.webhookResponseBytesMax)
        #expect(exchange.responseBody.hasPrefix("\u{1f}\u{fffd}\u{08}"))
    }

    /// In a process of its own, so that nothing else moves its memory.
    @Test(.timeLimit(.minutes(1))) func memoryStaysSmallWhileAllOfThemTry() async {
        await #expect(processExitsWith: .success) {
            _ = (
                HostileReceiver.chunk, HostileReceiver.interimAnswers, HostileReceiver.manyHeaders, HostileReceiver.bomb
            )
            // Whatever is loaded once.
            _ = try await HostileReceiver.closesWithoutAWord.meet()
            let before = try #require(Memory.residentBytes)
            let latest = try await withThrowingTaskGroup { group in
                for receiver in HostileReceiver.allCases {
                    group.addTask { try await receiver.meet().exchange.timings.totalMilliseconds }
                }
                return try await group.max()
            }
            let milliseconds = try #require(latest)
            #expect(milliseconds <= Limits.webhookBudgetMilliseconds + 200, "the last one took \(milliseconds) ms")
            let growth = try #require(Memory.peakBytes) - before
            #expect(growth < 8 << 20, "resident memory grew by \(growth / 1_024) KiB")
        }
    }
}

/// What this process has in memory.
enum Memory {
    static var residentBytes: Int? { field("VmRSS:") }
    static var peakBytes: Int? { field("VmHWM:") }

    private static func field(_ name: String) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return kibibytes * 1_024
    }
}
