package import RushesCore

/// Writes events as the bytes that webhooks carry.
package enum WebhookRendering {
    /// The body of an event: keys sorted, no space. What is longer than `Limits.webhookBodyBytesMax` is written without
    /// its list of results, and says so.
    ///
    /// - Throws: what the encoder throws.
    package static func body(of snapshot: EventSnapshot) throws -> String {
        try body(of: EventBody(snapshot))
    }

    /// The body of an event as the feed has given it.
    ///
    /// - Throws: what the encoder throws.
    package static func body(of event: EventBody, livemode: Bool = true) throws -> String {
        var body = WebhookBody(event, livemode: livemode)
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
        try body(of: EventBody(EventSamples.snapshot(type, id: id, at: now)), livemode: false)
    }
}
