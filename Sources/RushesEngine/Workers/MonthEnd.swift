import RushesCore
import RushesDatabase
import RushesStore

/// Asks for what credit lines have used in a month, once nothing can be posted in it any more.
///
/// A worker and no command: nobody has to remember it, a month that was missed is closed later, and the month's own row
/// lets each be closed once.
package struct MonthEnd: Worker {
    package let name = "month_end"
    let engine: Engine
    private static let organizationsPerStep = 32

    /// A MonthEnd of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let engine = engine
        let due = try await engine.database.read { reader in
            try reader.organizationsWithMonthsToClose(limit: Self.organizationsPerStep)
        }
        var closed = 0
        for organization in due {
            guard let use = try await engine.database.read({ try $0.useOfMonthToClose(of: organization) }) else {
                continue
            }
            let month = try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
                guard var wallet = try transaction.lockWallet(organization) else { return CalendarMonth?.none }
                return try transaction.close(use, of: &wallet, seller: engine.seller, ids: engine.environment.ids)?
                    .month
            }
            if month != nil { closed += 1 }
        }
        return closed
    }
}
