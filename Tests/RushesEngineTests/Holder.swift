import Synchronization

/// Keeps what a closure has made for the test that gave it.
final class Holder<Value: Sendable>: Sendable {
    private let kept = Mutex<Value?>(nil)

    var value: Value? { kept.withLock { $0 } }

    func keep(_ value: Value) -> Value {
        kept.withLock { $0 = value }
        return value
    }
}
