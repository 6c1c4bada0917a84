import RushesCore
import RushesDatabase
import RushesStore

/// Takes out of wallets what is left of lots past their date, and of purchases that banks took back when running
/// batches no longer hold credits of them.
package struct Expirer: Worker {
    package let name = "expirer"
    let engine: Engine
    private static let lotsPerStep = 32

    /// An Expirer of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let engine = engine
        var expired = 0
        let wallets = try await engine.database.read { reader in
            try reader.organizationsWithExpiredLots(limit: Self.lotsPerStep)
        }
        for organization in wallets {
            expired += try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
                guard var wallet = try transaction.lockWallet(organization) else { return 0 }
                return try transaction.expireLots(of: &wallet, ids: engine.environment.ids)
            }
        }
        return try await expired + OperatorService(engine).chargeBackLostDisputes(limit: Self.lotsPerStep)
    }
}
