import RushesDatabase
import Synchronization

/// The writes that wait for the one writer; whoever comes first takes the others along into its transaction.
final class WriteQueue: Sendable {
    /// Bodies that share a transaction, at most.
    static let groupMax = 64

    private let waiting = Mutex<[WaitingWrite]>([])

    func append(_ write: WaitingWrite) {
        waiting.withLock { $0.append(write) }
    }

    /// The writes of the next transaction; empty when an earlier one has taken them along.
    func takeGroup() -> [WaitingWrite] {
        waiting.withLock { waiting in
            guard let first = waiting.first else { return [] }
            let shared = first.isAlone ? 1 : waiting.prefix(Self.groupMax).prefix { !$0.isAlone }.count
            defer { waiting.removeFirst(shared) }
            return Array(waiting.prefix(shared))
        }
    }
}
