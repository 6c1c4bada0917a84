import RushesCore
import RushesStore
import Synchronization

/// API keys that were looked up a moment ago, so that a caller who asks often costs one look-up in a few seconds.
///
/// A key that is revoked still opens doors for `Limits.apiKeyRememberedMilliseconds` at most, on each node. Unknown
/// keys are not remembered, so a new one works at once.
final class RememberedKeys: Sendable {
    private struct Entry {
        let key: APIKey
        let lookedUpAt: Timestamp

        /// False also when the clock was set back.
        func isFresh(at now: Timestamp) -> Bool {
            (0..<Limits.apiKeyRememberedMilliseconds).contains(now.milliseconds(since: lookedUpAt))
        }
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The key of a secret's hash, unless that look-up is too long ago.
    func key(secretHash: String, at now: Timestamp) -> APIKey? {
        entries.withLock { entries in
            guard let entry = entries[secretHash], entry.isFresh(at: now) else { return nil }
            return entry.key
        }
    }

    /// Remembers what a look-up has found.
    func remember(_ key: APIKey, secretHash: String, at now: Timestamp) {
        entries.withLock { entries in
            if entries.count >= Limits.apiKeysRememberedMax { entries = entries.filter { $0.value.isFresh(at: now) } }
            if entries.count >= Limits.apiKeysRememberedMax { entries = [:] }
            entries[secretHash] = Entry(key: key, lookedUpAt: now)
        }
    }
}
