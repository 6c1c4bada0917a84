import NIOCore
import NIOHTTP1
import NIOSSL
import RushesCore
import RushesEngine

/// What one connection is opened for.
struct SendingOrder: Sendable {
    let message: WebhookMessage
    let url: WebhookURL
    /// The address that was judged and is dialled.
    let address: NetworkAddress
    let budget: SendingBudget
    /// What is known of the exchange before the connection.
    let exchange: WebhookExchange
    let now: @Sendable () -> Timestamp

    /// Sets up a channel that keeps the promise in time once it is connected.
    func prepare(_ channel: any Channel, _ tls: NIOSSLContext, _ promise: EventLoopPromise<WebhookExchange>) throws {
        let pipeline = channel.pipeline.syncOperations
        if url.isSecure {
            // A literal address has no name to ask for; the certificate is then checked for the address.
            let name = url.address == nil ? url.host : nil
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        let gate = ResponseHeadGate()
        try pipeline.addHandlers([
            gate, HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
            NIOHTTPRequestHeadersValidator(), WebhookExchangeHandler(self, gate, promise),
        ])
    }

    /// The head of the request.
    var head: HTTPRequestHead {
        var headers = HTTPHeaders([
            ("host", url.authority), ("user-agent", "rushes-webhooks/1"), ("content-type", "application/json"),
            ("content-length", String(message.body.count)), ("accept-encoding", "identity"), ("connection", "close"),
        ])
        for field in message.headers { headers.add(name: field.name, value: field.value) }
        return HTTPRequestHead(version: .http1_1, method: .POST, uri: url.target, headers: headers)
    }
}
