import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// Where providers send their webhooks. No tenant and no key: who holds the account's secret may speak, and is only
/// heard to say that a job may have ended.
struct ProviderHintRoutes: Sendable {
    let hints: ProviderHintService

    private static let hinting: Set<String> = ["video.completed", "video.failed"]

    func add(to endpoints: inout Endpoints) {
        let hints = hints
        endpoints.open(.post, "/v1/provider_events/{account}") { call in
            guard let account = call.context.parameters.get("account") else { throw Problem.notFound }
            let headers = call.request.headers
            let webhook = StandardWebhook(
                id: headers[.webhookID] ?? "", timestamp: headers[.webhookTimestamp] ?? "",
                signatures: headers[.webhookSignature] ?? "",
                body: try await call.request.bodyBytes(upTo: Limits.smallBodyBytesMax))
            switch hints.verdict(on: webhook, of: account) {
            case .unknownAccount: throw Problem.notFound
            case .forged:
                throw Problem.malformed("invalid_signature", "the webhook is not signed by this account, or is too old")
            case .authentic: break
            }
            // Whatever is not understood is taken and forgotten: the provider would only send it again.
            if let job = Self.job(in: try JSONValue(webhook.body)) {
                try await hints.mayHaveEnded(ProviderJobID(job), of: account)
            }
            return Response(status: .noContent)
        }
    }

    private static func job(in event: JSONValue) -> String? {
        guard case .object(let members) = event, case .string(let type)? = members["type"], hinting.contains(type),
            case .object(let data)? = members["data"], case .string(let id)? = data["id"]
        else { return nil }
        return id
    }
}

extension HTTPField.Name {
    /// `webhook-id`.
    static let webhookID = HTTPField.Name("webhook-id")!  // a literal token is a valid name
    /// `webhook-timestamp`.
    static let webhookTimestamp = HTTPField.Name("webhook-timestamp")!  // as above
    /// `webhook-signature`.
    static let webhookSignature = HTTPField.Name("webhook-signature")!  // as above
}
