package import RushesCore

/// Writes events as the bytes that webhooks carry.
package enum WebhookRendering {
    /// The body of an event: keys sorted, no space. What is longer than `Limits.webhookBodyBytesMax` is written without
    /// its list of results, and says so.
    ///
    /// - Throws: what the encoder throws.
    package static func body(of snapshot: EventSnapshot) throws -> String {
        var body = WebhookBody(EventBody(snapshot))
        let text = String(decoding: try WireJSON.encode(body), as: UTF8.self)
        if text.utf8.count <= Limits.webhookBodyBytesMax { return text }
        body.data["results"] = nil
        body.data["truncated"] = .flag(true)
        return String(decoding: try WireJSON.encode(body), as: UTF8.self)
    }

    /// A body that shows what an event of a type looks like; it says `"livemode": false`.
    ///
    /// - Throws: what the encoder throws.
    package static func sample(_ type: EventType, id: EventID, at now: Timestamp) throws -> String {
        let event = EventBody(
            id: id.rawValue, seq: 0, type: type.rawValue, batchID: nil, taskID: nil, data: ["sample": .flag(true)],
            createdAt: now.rfc3339)
        return String(decoding: try WireJSON.encode(WebhookBody(event, livemode: false)), as: UTF8.self)
    }
}
