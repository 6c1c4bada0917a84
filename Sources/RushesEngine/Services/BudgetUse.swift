import RushesCore
import RushesDatabase
import RushesStore

/// The budgets that creations of one wallet count for, as the creations decided so far leave them.
struct BudgetUse {
    private let organization: OrganizationID
    private var budgets: [Budget]
    private var counted: Set<Budget.Subject> = []

    /// Reads the budgets of some subjects; a wallet without budgets costs nothing.
    init(
        _ subjects: [[Budget.Subject]], of wallet: WalletRow, in transaction: any SQLTransaction
    ) throws(DatabaseError) {
        organization = wallet.organization
        budgets =
            wallet.hasBudgets
            ? try transaction.budgets(for: Set(subjects.joined()).sorted { $0.text < $1.text }, of: organization) : []
    }

    /// Refuses a cost for which one of the budgets has no room.
    ///
    /// - Throws: `Refusal.budgetExceeded`.
    func expectRoom(for cost: Credits, of subjects: [Budget.Subject]) throws(Refusal) {
        let full = budgets.first { subjects.contains($0.subject) && !$0.hasRoom(for: cost) }
        if let full { throw .budgetExceeded(full, needed: cost) }
    }

    /// Counts a batch that is frozen.
    mutating func count(_ batch: Batch) {
        let subjects = batch.budgetSubjects
        for index in budgets.indices where subjects.contains(budgets[index].subject) {
            budgets[index].count(batch.frozen)
            counted.insert(budgets[index].subject)
        }
    }

    /// Writes the counters that have changed.
    ///
    /// - Throws: `DatabaseError`.
    func write(in transaction: any SQLTransaction) throws(DatabaseError) {
        try transaction.count(budgets.filter { counted.contains($0.subject) }, of: organization)
    }
}
