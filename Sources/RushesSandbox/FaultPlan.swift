import Synchronization

/// The faults that were ordered and are not over yet; kept in memory only.
final class FaultPlan: Sendable {
    /// An order and what came of it.
    struct Entry: Sendable, Encodable {
        let fault: PlannedFault
        let orderedAt: UnixMilliseconds
        /// The calls that it looked at, and those that it met.
        var seen = 0
        var met = 0
        /// When creates went through, for `limited`.
        var passed: [UnixMilliseconds] = []

        private enum CodingKeys: String, CodingKey {
            case fault, seen, met
        }
    }

    private struct State {
        var entries: [Entry] = []
        var met: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// Adds an order.
    func add(_ fault: PlannedFault, at now: UnixMilliseconds) {
        state.withLock { $0.entries.append(Entry(fault: fault, orderedAt: now)) }
    }

    /// Forgets all orders.
    func clear() {
        state.withLock { $0.entries = [] }
    }

    /// The orders, the oldest first.
    var entries: [Entry] { state.withLock { $0.entries } }

    /// How many calls each kind has met.
    var metByKind: [String: Int] { state.withLock { $0.met } }

    /// What happens to a call; nil for nothing unusual.
    func next(_ call: PlannedFault.Call, _ surface: VideoJob.Surface, at now: UnixMilliseconds) -> PlannedFault? {
        state.withLock { state in
            for index in state.entries.indices where state.entries[index].meets(call, surface, at: now) {
                let fault = state.entries[index].fault
                state.met[fault.kind.rawValue, default: 0] += 1
                return fault
            }
            return nil
        }
    }
}

extension FaultPlan.Entry {
    fileprivate mutating func meets(
        _ call: PlannedFault.Call, _ surface: VideoJob.Surface, at now: UnixMilliseconds
    ) -> Bool {
        guard fault.call == call, fault.dialect.map({ $0 == surface }) ?? true else { return false }
        if let seconds = fault.seconds, Double(now - orderedAt) >= seconds * 1000 { return false }
        if let count = fault.count, met >= count { return false }
        if let most = fault.createsPerMinute, fault.kind == .limited {
            passed.removeAll { now - $0 >= 60_000 }
            if passed.count < most {
                passed.append(now)
                return false
            }
        }
        seen += 1
        guard (seen - 1) % (fault.every ?? 1) == 0 else { return false }
        met += 1
        return true
    }
}
