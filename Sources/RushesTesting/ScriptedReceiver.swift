package import RushesCore
package import RushesEngine
import Synchronization

/// A receiver of webhooks that answers as a test says, and remembers what it was sent.
package final class ScriptedReceiver: WebhookSender {
    /// What arrived.
    package struct Arrival: Sendable {
        /// The message.
        package let message: WebhookMessage
        /// When, by the test's clock.
        package let at: Timestamp

        /// A field of its header.
        package subscript(_ name: String) -> String {
            message.headers.first { $0.name == name }?.value ?? ""
        }
    }

    private struct State {
        var arrivals: [Arrival] = []
        var underWay: [String: Int] = [:]
        var mostUnderWay = 0
        var answer: @Sendable (WebhookMessage) -> WebhookExchange = { _ in ScriptedReceiver.answer(200) }
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Timestamp
    private let delay: @Sendable () async -> Void

    /// A receiver that takes everything, at once or after a delay.
    package init(
        now: @escaping @Sendable () -> Timestamp, delay: @escaping @Sendable () async -> Void = {}
    ) {
        self.now = now
        self.delay = delay
    }

    /// What has arrived, in order.
    package var arrivals: [Arrival] { state.withLock { $0.arrivals } }

    /// The most messages of one delivery that were under way at the same time.
    package var mostUnderWayOfOneDelivery: Int { state.withLock { $0.mostUnderWay } }

    /// Answers from now on as the closure says.
    package func answers(_ answer: @escaping @Sendable (WebhookMessage) -> WebhookExchange) {
        state.withLock { $0.answer = answer }
    }

    /// Answers from now on with a status.
    package func answers(_ status: Int) {
        answers { _ in Self.answer(status) }
    }

    /// Forgets what has arrived.
    package func forget() {
        state.withLock { $0.arrivals = [] }
    }

    package func send(_ message: WebhookMessage) async -> WebhookExchange {
        let delivery = message.headers.first { $0.name == "rushes-delivery" }?.value ?? ""
        let answer = state.withLock { state in
            state.arrivals.append(Arrival(message: message, at: now()))
            state.underWay[delivery, default: 0] += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay[delivery, default: 0])
            return state.answer
        }
        await delay()
        state.withLock { $0.underWay[delivery, default: 1] -= 1 }
        return answer(message)
    }

    /// What comes of a status.
    package static func answer(_ status: Int, retryAfterSeconds: Int64? = nil) -> WebhookExchange {
        var exchange = WebhookExchange()
        exchange.status = status
        exchange.failure = DeliveryFailure(status: status)
        exchange.retryAfterSeconds = retryAfterSeconds
        return exchange
    }
}

extension WebhookTools {
    /// Tools around a receiver, for tests: public addresses, and short bodies unless a renderer is given.
    package static func testing(
        _ engine: Engine, _ receiver: any WebhookSender, renderer: WebhookRenderer = .short
    ) -> WebhookTools {
        let key = SecretSealKey(String(repeating: "A", count: 43) + "=")
        guard let seal = SecretSeal([key].compactMap { $0 }) else { preconditionFailure("a key of 32 zeros is one") }
        return WebhookTools(
            database: engine.database, sender: receiver, seal: seal, urlPolicy: WebhookURLPolicy(), renderer: renderer)
    }
}

extension WebhookRenderer {
    /// Bodies that only name the event.
    package static let short = WebhookRenderer(
        body: { #"{"id":"\#($0.id)","sequence":\#($0.sequence ?? 0),"type":"\#($0.type)"}"# },
        sample: { type, id, _ in #"{"id":"\#(id)","type":"\#(type.rawValue)"}"# })
}
