/// A row of the table that says what refusals mean: every condition that it names must hold.
package struct RefusalRule: Sendable, Hashable {
    /// The dialects it is for.
    package let dialects: Set<ProviderDialect>
    /// The calls it is for.
    package let calls: Set<ProviderCall>
    /// HTTP statuses; empty takes any, and none.
    package let statuses: [ClosedRange<Int>]
    /// Codes in lower case, one of which was given; empty takes any, and none.
    package let codes: Set<String>
    /// Texts in lower case, one of which stands in what was said; empty takes any.
    package let wording: [String]
    /// What such a refusal means.
    package let `class`: ProviderFault.Class

    init(
        _ class: ProviderFault.Class, _ dialects: Set<ProviderDialect> = Set(ProviderDialect.allCases),
        on calls: Set<ProviderCall> = [.create, .job, .list], statuses: [ClosedRange<Int>] = [],
        codes: Set<String> = [], wording: [String] = []
    ) {
        self.class = `class`
        self.dialects = dialects
        self.calls = calls
        self.statuses = statuses
        self.codes = codes
        self.wording = wording
    }

    func fits(_ refusal: ProviderRefusal, words: Set<String>, text: String) -> Bool {
        guard dialects.contains(refusal.dialect), calls.contains(refusal.call) else { return false }
        if !statuses.isEmpty {
            guard let status = refusal.status, statuses.contains(where: { $0.contains(status) }) else { return false }
        }
        if !codes.isEmpty, codes.isDisjoint(with: words) { return false }
        return wording.isEmpty || wording.contains { text.contains($0) }
    }
}
