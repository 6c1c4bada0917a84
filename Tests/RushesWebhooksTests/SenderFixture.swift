import NIOSSL
import RushesCore
import RushesEngine
import RushesTesting
import RushesWebhooks

/// Senders and messages of these tests.
enum SenderFixture {
    /// A sender for development, which may send to this machine.
    static func development(resolver: any HostResolver = ScriptedResolver(["127.0.0.1"])) throws -> WebhookHTTPSender {
        try WebhookHTTPSender(
            policy: WebhookURLPolicy(allowsPrivate: true), now: { WebhookSenderConformance.now }, resolver: resolver)
    }

    /// A sender as in production, but for these ports and blocks.
    static func production(
        ports: Set<Int>, allowing blocks: [String] = [], resolver: any HostResolver,
        roots: [NIOSSLCertificate] = []
    ) throws -> WebhookHTTPSender {
        try WebhookHTTPSender(
            policy: WebhookURLPolicy(ports: ports, allowedBlocks: blocks.compactMap { AddressBlock($0) }),
            now: { WebhookSenderConformance.now }, resolver: resolver, additionalRoots: roots)
    }

    static func message(_ url: String) -> WebhookMessage {
        WebhookMessage(url: url, headers: [HeaderField("webhook-id", "msg_1")], body: Array(#"{"secret":"body"}"#.utf8))
    }
}
