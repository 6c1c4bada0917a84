/// A model that the sandbox plays: which requests it takes and how long it works on them.
struct UpstreamModel: Sendable {
    let id: String
    let secondsAllowed: [String]
    let sizesAllowed: [String]
    let latency: LatencyProfile

    static let defaultID = "sora-2"
    static let defaultSeconds = "4"
    static let defaultSize = "720x1280"

    /// What `GET /v1/models` lists; more ids are accepted, see `named`.
    static let listedIDs = [
        "sora-2", "sora-2-pro", "sora-2-2025-10-06", "sora-2-2025-12-08", "sora-2-pro-2025-10-06",
        "veo-3.1-generate-001", "veo-3.1-fast-generate-001", "veo-pro",
    ]

    /// The model of that id: the two Sora models, their dated snapshots, and every id that starts with `veo`,
    /// because gateways offer Veo under this dialect with names of their own.
    static func named(_ id: String) -> UpstreamModel? {
        let base = withoutDate(id)
        if base == "sora-2" || base == "sora-2-pro" {
            let large = ["1024x1792", "1792x1024", "1080x1920", "1920x1080"]
            return UpstreamModel(
                id: id,
                secondsAllowed: ["4", "8", "12"],
                sizesAllowed: ["720x1280", "1280x720"] + (base == "sora-2-pro" ? large : []),
                latency: .sora
            )
        }
        if id.hasPrefix("veo") {
            return UpstreamModel(
                id: id,
                secondsAllowed: ["4", "6", "8"],
                sizesAllowed: ["1280x720", "720x1280", "1920x1080", "1080x1920"],
                latency: .veo
            )
        }
        return nil
    }

    private static func withoutDate(_ id: String) -> String {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 3, parts.suffix(3).map(\.count) == [4, 2, 2], parts.suffix(3).allSatisfy({ Int($0) != nil })
        else { return id }
        return parts.dropLast(3).joined(separator: "-")
    }
}
