import NIOCore
import Synchronization

/// Proves that the body of a request was never handed to a connection.
///
/// The HTTP client asks for the body when a connection has taken the head, so a gate that is still closed when a call
/// fails means that the server has not got the request; which errors may happen before and after does not matter.
final class BodyGate: Sendable {
    private enum State {
        case waiting
        case opened
        case shut
    }

    private let state = Mutex(State.waiting)

    /// Lets the body out, once and only before the gate is shut.
    func open() throws(BodyWithheld) {
        try state.withLock { state throws(BodyWithheld) in
            guard case .waiting = state else { throw BodyWithheld() }
            state = .opened
        }
    }

    /// Keeps the body in for good; true when it was never let out.
    func shut() -> Bool {
        state.withLock { state in
            switch state {
            case .waiting, .shut:
                state = .shut
                return true
            case .opened:
                return false
            }
        }
    }
}

/// The call was over before its body was asked for.
struct BodyWithheld: Error {}

/// A request's body behind a gate.
struct GatedBody: AsyncSequence, Sendable {
    let gate: BodyGate
    let bytes: ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        let gate: BodyGate
        var bytes: ByteBuffer?

        mutating func next() async throws -> ByteBuffer? {
            guard let bytes else { return nil }
            self.bytes = nil
            try gate.open()
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(gate: gate, bytes: bytes)
    }
}
