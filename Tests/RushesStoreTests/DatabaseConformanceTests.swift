import RushesDatabase
import RushesTesting
import Testing

@Suite("Every driver keeps the rules of the Database port")
struct DatabaseConformanceTests {
    @Test(arguments: TestDatabase.allCases, DatabaseConformance.cases)
    func rule(_ kind: TestDatabase, _ rule: ConformanceCase<any Database>) async throws {
        try await kind.with { try await rule.check($0) }
    }
}
