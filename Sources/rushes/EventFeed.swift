import Foundation
import RushesClient
import RushesCore
import RushesWire

/// Follows an organization's feed of events and forwards them, one after the other.
struct EventFeed: Sendable {
    let client: RushesClient
    let filter: EventFilter
    let forwarder: EventForwarder
    /// The file that keeps the place between two runs.
    let placePath: String?
    let isJSON: Bool

    private static let pageLength = 100
    private static let pauseMilliseconds = 500

    /// Forwards what comes after a place, without end.
    func follow(after start: Int64) async throws {
        var place = start
        while true {
            let page = try await client.events(after: place, limit: Self.pageLength)
            for event in page.data {
                // A type that this program does not know yet is somebody's wish to see only when all are.
                let isWanted = EventType(rawValue: event.type).map(filter.takes) ?? filter.patterns.contains("*")
                if isWanted {
                    let text = try WebhookRendering.body(of: event)
                    try await forwarder.forward(WebhookBody(event), text).report(asJSON: isJSON)
                }
                place = event.seq
                try keep(place)
            }
            if page.data.isEmpty { try await Task.sleep(for: .milliseconds(Self.pauseMilliseconds)) }
        }
    }

    /// The place of the newest event. The feed has no gaps, so that halving finds it with few questions.
    func newestPlace() async throws -> Int64 {
        var step: Int64 = 1
        while try await hasEvent(after: step) { step *= 2 }
        // Something stands after `low`, unless it is 0, and nothing after `high`.
        var (low, high) = (step / 2, step)
        while low < high {
            let middle = low + (high - low) / 2
            if try await hasEvent(after: middle) { low = middle + 1 } else { high = middle }
        }
        return high
    }

    private func hasEvent(after place: Int64) async throws -> Bool {
        try await !client.events(after: place, limit: 1).data.isEmpty
    }

    /// The place that an earlier run has kept; nil when there was none.
    func keptPlace() throws -> Int64? {
        guard let placePath, FileManager.default.fileExists(atPath: placePath) else { return nil }
        let text = try String(contentsOfFile: placePath, encoding: .utf8)
        guard let place = Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)), place >= 0 else {
            throw Complaint(message: "\(placePath) holds no place of a feed", status: .input)
        }
        return place
    }

    private func keep(_ place: Int64) throws {
        guard let placePath else { return }
        try Data("\(place)\n".utf8).write(to: URL(filePath: placePath), options: .atomic)
    }
}
