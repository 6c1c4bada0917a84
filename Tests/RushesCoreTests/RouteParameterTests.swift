import RushesCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct RouteParameterTests {
    private static func route(_ parameters: [String: RouteParameter]) -> ProviderRoute {
        ProviderRoute(provider: "p", model: "m", maxInFlight: 1, createsPerMinute: 1, parameters: parameters)
    }

    private static func defects(_ parameters: [String: RouteParameter], onFallback: Bool = false) -> [String] {
        let plain = ProviderRoute(provider: "q", model: "m", maxInFlight: 1, createsPerMinute: 1)
        let model = VideoModel(
            id: "x", displayName: "X", unitPrice: Credits(micros: 1), minBatch: 1, maxBatch: 1, seconds: [4],
            sizes: ["1280x720"], slaSeconds: 1, deadlineSeconds: 1, route: onFallback ? plain : route(parameters),
            unknownCreatePolicy: .fail, fallbackRoutes: onFallback ? [route(parameters)] : [])
        return Catalogue(models: [model], packages: []).defects
    }

    @Test(
        "what an adapter sets itself is refused, with the names of route and parameter",
        arguments: [
            "prompt", "model", "seconds", "size", "durationSeconds", "duration_seconds", "aspectRatio", "aspect_ratio",
            "resolution", "storageUri", "storage_uri", "sampleCount", "SampleCount", "n", "labels", "instances",
        ])
    func ownNames(name: String) {
        for onFallback in [false, true] {
            #expect(
                Self.defects([name: .integer(1)], onFallback: onFallback)
                    == ["model x: route p:m, parameter \(name): Rushes sets it itself"])
        }
    }

    @Test func namesAndValuesHaveLimits() {
        let largest = Int64(1) << 53 - 1
        let right: [String: RouteParameter] = [
            "generateAudio": .boolean(false), "negative_prompt": .string(String(repeating: "x", count: 256)),
            "seed": .integer(largest), "seed2": .integer(-largest), String(repeating: "a", count: 64): .string(""),
        ]
        #expect(Self.defects(right).isEmpty)
        for name in ["", "1a", "_a", "a-b", "a b", "a.b", "\u{e9}t\u{e9}", String(repeating: "a", count: 65)] {
            #expect(Self.defects([name: .boolean(true)]).count == 1, "\(name)")
        }
        let wrong: [RouteParameter] = [
            .string(String(repeating: "x", count: 257)), .string("a\u{0}b"), .integer(1 << 53), .integer(.min),
        ]
        for value in wrong { #expect(Self.defects(["seed": value]).count == 1, "\(value)") }
        let many = Dictionary(uniqueKeysWithValues: (1...17).map { ("p\($0)", RouteParameter.boolean(true)) })
        #expect(Self.defects(many) == ["model x: route p:m: at most 16 parameters"])
    }

    @Test func theyAreKeptAsTheyAre() throws {
        let route = Self.route(["audio": .boolean(false), "seed": .integer(0), "style": .string("1")])
        let stored = try JSONEncoder().encode(route)
        #expect(try JSONDecoder().decode(ProviderRoute.self, from: stored) == route)
        // A route without parameters is written as before there were any.
        let plain = try JSONEncoder().encode(Self.route([:]))
        #expect(!String(decoding: plain, as: UTF8.self).contains("parameters"))
        #expect(try JSONDecoder().decode(ProviderRoute.self, from: plain).parameters.isEmpty)
    }
}
