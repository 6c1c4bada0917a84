/// What a provider's content rules object to, as far as it says.
package enum ContentCategory: String, Sendable, CaseIterable {
    case child
    case celebrity
    case dangerous
    case hate
    case prohibited
    case thirdParty = "third_party"
    case sexual
    case toxic
    case violence
    case vulgar
    case other

    /// The first category whose support code stands in Google's words, behind "Support codes:".
    package init?(namedIn message: String) {
        let found = Self.supportCodes(in: message).lazy.compactMap { Self.bySupportCode[$0] }.first
        guard let found else { return nil }
        self = found
    }

    /// How a customer reads it.
    package var words: String {
        switch self {
        case .child: "content with children"
        case .celebrity: "real or well-known people"
        case .dangerous: "dangerous content"
        case .hate: "hate"
        case .prohibited: "prohibited content"
        case .thirdParty: "content of third parties"
        case .sexual: "sexual content"
        case .toxic: "toxic content"
        case .violence: "violence"
        case .vulgar: "vulgar content"
        case .other: "general safety"
        }
    }

    private static func supportCodes(in message: String) -> [Int] {
        let words = message.lowercased()
        let parts = words.split(separator: "support code", omittingEmptySubsequences: false).dropFirst()
        return parts.flatMap { part in
            let digits = part.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "," || $0 == " " }
            return digits.split { !$0.isNumber }.compactMap { Int($0) }
        }
    }

    /// Vertex AI's table (`reference/provider-apis.md` 2.5).
    private static let bySupportCode: [Int: ContentCategory] = {
        let codes: [(ContentCategory, [Int])] = [
            (.child, [58_061_214, 17_301_594]), (.celebrity, [29_310_472, 15_236_754]),
            (.dangerous, [62_263_041]), (.hate, [57_734_940, 22_137_204]),
            (.prohibited, [89_371_032, 49_114_662, 63_429_089, 72_817_394, 60_599_140]),
            (.thirdParty, [35_561_574, 35_561_575]), (.sexual, [90_789_179, 43_188_360]), (.toxic, [78_610_348]),
            (.violence, [61_493_863, 56_562_880]), (.vulgar, [32_635_315]),
            (.other, [64_151_117, 42_237_218, 74_803_281, 29_578_790, 42_876_398]),
        ]
        return Dictionary(uniqueKeysWithValues: codes.flatMap { category, codes in codes.map { ($0, category) } })
    }()
}
