import RushesCore

/// Calls to the outside for several items at once, with their outcomes written in groups.
struct FanOut: Sendable {
    /// Calls at the same time, at most.
    let width: Int
    let environment: Environment
    private static let flushMilliseconds: Int64 = 50

    private enum Arrival<Outcome: Sendable>: Sendable {
        case outcome(Outcome)
        case tick
    }

    /// Performs `call` for every item and hands the outcomes on within 50 ms, at most `Limits.outcomesPerFlushMax`
    /// together.
    ///
    /// With a width of one the calls are made in order and flushed once: a step that repeats itself exactly.
    /// - Throws: what `flush` throws; calls under way are then cancelled.
    func run<Item: Sendable, Outcome: Sendable>(
        _ items: [Item],
        call: @escaping @Sendable (Item) async -> Outcome,
        flush: ([Outcome]) async throws -> Void
    ) async throws {
        if width == 1 || items.count == 1 {
            var outcomes: [Outcome] = []
            for item in items { outcomes.append(await call(item)) }
            if !outcomes.isEmpty { try await flush(outcomes) }
            return
        }
        try await runConcurrently(items, call: call, flush: flush)
    }

    private func runConcurrently<Item: Sendable, Outcome: Sendable>(
        _ items: [Item],
        call: @escaping @Sendable (Item) async -> Outcome,
        flush: ([Outcome]) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Arrival<Outcome>.self) { group in
            var waiting = items[...]
            var underWay = 0
            var outcomes: [Outcome] = []
            while underWay < width, let item = waiting.popFirst() {
                group.addTask { .outcome(await call(item)) }
                underWay += 1
            }
            addTick(to: &group)
            while underWay > 0, let arrival = try await group.next() {
                switch arrival {
                case .tick:
                    try await hand(on: &outcomes, to: flush)
                    addTick(to: &group)
                case .outcome(let outcome):
                    underWay -= 1
                    outcomes.append(outcome)
                    if let item = waiting.popFirst() {
                        group.addTask { .outcome(await call(item)) }
                        underWay += 1
                    }
                    if outcomes.count >= Limits.outcomesPerFlushMax { try await hand(on: &outcomes, to: flush) }
                }
            }
            group.cancelAll()
            try await hand(on: &outcomes, to: flush)
        }
    }

    private func hand<Outcome>(on outcomes: inout [Outcome], to flush: ([Outcome]) async throws -> Void) async throws {
        if outcomes.isEmpty { return }
        let full = outcomes
        outcomes = []
        try await flush(full)
    }

    private func addTick<Outcome>(to group: inout ThrowingTaskGroup<Arrival<Outcome>, any Error>) {
        let environment = environment
        group.addTask {
            // A cancelled sleep means that the last outcome is in: the tick is then ignored.
            try? await environment.sleep(Self.flushMilliseconds)
            return .tick
        }
    }
}
