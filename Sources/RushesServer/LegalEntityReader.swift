import RushesCore

/// Reads who sells from the member `legal_entity` of `rushes.yaml`.
struct LegalEntityReader {
    /// Who sells, as far as it could be read.
    let entity: LegalEntity
    /// The members that are wrong.
    let defects: [String]

    init(_ value: Any) {
        var defects: [String] = []
        var members = value as? [String: Any] ?? [:]
        if members.isEmpty { defects.append("name: a name is expected") }
        func take<Value>(_ name: String, _ type: Value.Type, _ expected: String) -> Value? {
            guard let found = members.removeValue(forKey: name) else { return nil }
            if let right = found as? Value { return right }
            defects.append("\(name): \(expected) is expected")
            return nil
        }
        let name = take("name", String.self, "a text")
        entity = LegalEntity(
            name: name ?? "", addressLines: take("address", [String].self, "a list of texts") ?? [],
            taxID: take("tax_id", String.self, "a text"),
            bankLines: take("bank", [String].self, "a list of texts") ?? [],
            series: take("series", String.self, "a text") ?? LegalEntity.unnamed.series,
            paymentDays: take("payment_days", Int.self, "a whole number") ?? LegalEntity.unnamed.paymentDays)
        defects += members.keys.sorted().map { "\($0): there is no such member" }
        defects += entity.defects.map { "\($0): this cannot be printed or counted by" }
        self.defects = defects
    }
}
