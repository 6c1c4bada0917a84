package import RushesCore
import RushesDatabase
import RushesStore

extension OperatorService {
    /// Takes lines of a provider's bill in, at most `Limits.billLinesMax`: reports then go by them and not by the
    /// catalogue's price. A line that was imported before changes nothing, and one that says something else is named.
    ///
    /// - Throws: `Refusal.invalidArgument`, `DatabaseError`.
    package func importCosts(
        _ charges: [ProviderCharge], of provider: String, bill: String, by name: String
    ) async throws -> ProviderBillImport {
        try expect(text: provider, "provider", Limits.nameCharactersMax)
        try expect(text: bill, "bill", Limits.nameCharactersMax)
        try expect(text: name, "by", Limits.operatorNameCharactersMax)
        guard charges.count <= Limits.billLinesMax else {
            throw Refusal.invalidArgument(name: "lines", reason: "at most \(Limits.billLinesMax)")
        }
        for (index, charge) in charges.enumerated() {
            let range = 0...Limits.unitPriceMicrosMax
            guard range.contains(charge.amount.micros) else {
                throw Refusal.invalidArgument(
                    name: "lines/\(index)/amount_micros", reason: "between 0 and \(Limits.unitPriceMicrosMax)")
            }
        }
        return try await engine.database.write { transaction in
            try transaction.insert(charges, of: provider, bill: bill, by: name)
        }
    }
}
