import RushesCore
import RushesEngine
import RushesTesting
import Synchronization
import Testing

@Suite("Wake-ups between use cases and workers")
struct WakeSignalTests {
    /// An environment whose sleeps last until they are cancelled.
    private static let patient = environment { _ in try await Task.sleep(for: .seconds(600)) }

    private static func environment(sleep: @escaping @Sendable (Int64) async throws -> Void) -> Environment {
        Environment(now: { Timestamp(milliseconds: 0) }, sleep: sleep, ids: CountingIDs(), random: NoJitter())
    }

    @Test("a wake-up while nobody waits is kept for the next wait", .timeLimit(.minutes(1)))
    func kept() async {
        let signal = WakeSignal()
        signal.wake()
        signal.wake()
        await signal.wait(milliseconds: 250, Self.patient)
    }

    @Test("a kept wake-up ends one wait, the next lasts its time", .timeLimit(.minutes(1)))
    func keptOnce() async {
        let signal = WakeSignal()
        signal.wake()
        await signal.wait(milliseconds: 250, Self.patient)
        let slept = Mutex<Int64>(0)
        await signal.wait(milliseconds: 250, Self.environment { length in slept.withLock { $0 = length } })
        #expect(slept.withLock { $0 } == 250)
    }

    @Test("a wake-up ends all waits", .timeLimit(.minutes(1)))
    func endsAll() async {
        let signal = WakeSignal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { await signal.wait(milliseconds: 250, Self.patient) } }
            group.addTask {
                // Whoever did not wait yet finds the next one kept.
                for _ in 0..<200 where !Task.isCancelled {
                    signal.wake()
                    try? await Task.sleep(for: .milliseconds(1))
                }
            }
            for _ in 0..<3 { await group.next() }
            group.cancelAll()
        }
    }

    @Test("a cancelled task waits no longer", .timeLimit(.minutes(1)))
    func cancelled() async {
        let signal = WakeSignal()
        let waiting = Task { await signal.wait(milliseconds: 250, Self.patient) }
        waiting.cancel()
        await waiting.value
    }
}
