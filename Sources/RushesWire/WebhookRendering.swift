package import RushesCore

/// Writes events as the bytes that webhooks carry.
package enum WebhookRendering {
    /// The body of an event: keys sorted, no space. What is longer than `Limits.webhookBodyBytesMax` is written without
    /// its list of results, and says so.
    ///
    /// - Throws: what the encoder throws.
    package static func body(of snapshot: EventSnapshot, livemode: Bool = true) throws -> String {
        var body = WebhookBody(EventBody(snapshot), livemode: livemode)
        let text = String(decoding: try WireJSON.encode(body), as: UTF8.self)
        if text.utf8.count <= Limits.webhookBodyBytesMax { return text }
        body.data["results"] = nil
        body.data["truncated"] = .flag(true)
        return String(decoding: try WireJSON.encode(body), as: UTF8.self)
    }
}
