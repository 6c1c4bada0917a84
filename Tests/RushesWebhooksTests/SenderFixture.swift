import NIOSSL
import RushesCore
import RushesEngine
import RushesTesting
import RushesWebhooks

/// Senders and messages of these tests.
enum SenderFixture {
    /// A sender for development, which may send to this machine.
    static func development(resolver: any HostResolver = ScriptedResolver(["127.0.0.1"])) throws -> WebhookHTTPSender {
        WebhookHTTPSender(
            policy: WebhookURLPolicy(allowsPrivate: true), now: { WebhookSenderConformance.now }, resolver: resolver,
            tls: try shared.get())
    }

    /// A sender as in production, but for these ports and blocks.
    static func production(
        ports: Set<Int>, allowing blocks: [String] = [], ownHosts: Set<String> = [], resolver: any HostResolver,
        roots: [NIOSSLCertificate] = []
    ) throws -> WebhookHTTPSender {
        WebhookHTTPSender(
            policy: WebhookURLPolicy(
                ports: ports, allowedBlocks: blocks.compactMap { AddressBlock($0) }, ownHosts: ownHosts),
            now: { WebhookSenderConformance.now }, resolver: resolver,
            tls: roots.isEmpty ? try shared.get() : try WebhookHTTPSender.tls(additionalRoots: roots))
    }

    /// Loading the system's roots takes some milliseconds, and these tests make hundreds of senders.
    private static let shared = Result { try WebhookHTTPSender.tls() }

    static func message(_ url: String) -> WebhookMessage {
        WebhookMessage(url: url, headers: [HeaderField("webhook-id", "msg_1")], body: Array(#"{"secret":"body"}"#.utf8))
    }
}
