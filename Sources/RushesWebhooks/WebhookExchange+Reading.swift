import NIOCore
import NIOHTTP1
import NIOSSL
import RushesCore
import RushesEngine

extension WebhookExchange {
    /// Takes what is kept of an answer's head.
    mutating func read(_ head: HTTPResponseHead, now: Timestamp) {
        status = Int(head.status.code)
        responseHeaders = head.headers.compactMap { name, value in
            let name = name.lowercased()
            return Self.keptHeaders.contains(name) ? HeaderField(name, value) : nil
        }
        retryAfterSeconds = head.headers.first(name: "retry-after").flatMap { RetryAfter.seconds($0, now: now) }
    }
}

extension SocketAddress {
    /// The address without its port; nil for a socket of this machine's file system.
    var networkAddress: NetworkAddress? {
        ipAddress.flatMap { NetworkAddress($0) }?.unwrapped
    }
}

extension TLSVersion {
    /// The name of the version, as the log of deliveries has it.
    var name: String {
        switch self {
        case .tlsv1: "TLSv1"
        case .tlsv11: "TLSv1.1"
        case .tlsv12: "TLSv1.2"
        case .tlsv13: "TLSv1.3"
        }
    }
}
