import RushesCore
import RushesDatabase

/// A transaction whose statements have one planted defect.
struct BuggyTransaction: SQLTransaction {
    private let real: any SQLTransaction
    private let bug: PlantedBug

    init(_ real: any SQLTransaction, _ bug: PlantedBug) {
        self.real = real
        self.bug = bug
    }

    var dialect: SQLDialect { real.dialect }
    var now: Timestamp { real.now }

    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] {
        switch bug {
        case .adoptsOwnedJobs where sql.contains("FROM attempt WHERE lane_id = $1 AND provider_job"): []
        case .forgetsRequests where sql.contains("AND request_id = wanted.column1"): []
        case .releasesFromHead where sql.hasSuffix("WHERE h.batch_id = $1 ORDER BY p.place"):
            try real.query(sql + " DESC", values)
        case .failsOverUnknown where sql.contains("AND COALESCE(waiting_lane_id"):
            try real.query(
                sql.replacing("AND COALESCE(", with: "AND (blind_resubmissions > 0 OR COALESCE(")
                    .replacing("= $3", with: "= $3)"), values)
        case .ignoresCancels where sql.contains("queued > 0 AND cancel_requested_at IS NULL"):
            try real.query(sql.replacing(" AND cancel_requested_at IS NULL", with: ""), values)
        case .ignoresStoppedLanes where sql.contains("looked_up_to, control,"):
            try real.query(sql.replacing("looked_up_to, control,", with: "looked_up_to, 'running',"), values)
        case .ignoresOrganizationLimits where sql.contains("max_in_flight") && sql.contains("FROM organization"):
            try real.query(sql.replacing("max_in_flight", with: "max_in_flight + 1000"), values)
        case .ignoresOrganizationLimits where sql.contains("o.max_in_flight"):
            try real.query(sql.replacing("o.max_in_flight", with: "o.max_in_flight + 1000"), values)
        case .refundsWithoutLooking where sql.contains("FROM purchase_refund WHERE reference"): []
        case .forgetsPurchaseKeys where sql.contains("organization_id = $1 AND request_id = $2"): []
        case .skipsInvoiceNumbers where sql.hasPrefix("INSERT INTO invoice_series"):
            try real.query(sql, values).isEmpty ? [] : try real.query(sql, values)
        case .restoresTwice where sql.contains("AND origin = 'credit_line'), 0)"):
            try real.query(sql.replacing("SELECT SUM(net_micros)", with: "SELECT 2 * SUM(net_micros)"), values)
        case .forgetsGrants where sql.contains("FROM credit_grant WHERE reference"): []
        case .ignoresBudgets where sql.contains("b.limit_micros"):
            try real.query(sql.replacing("b.limit_micros", with: "b.limit_micros + 5000000"), values)
        case .usesFuturePrices where sql.contains("in_force_from <= $1"):
            try real.query(sql.replacing("in_force_from <= $1", with: "in_force_from <= $1 + 3600000"), values)
        case .usesOldPrices where sql.contains("in_force_from <= $1"):
            try real.query(sql.replacing("in_force_from <= $1", with: "in_force_from <= $1 - 3600000"), values)
        case .ignoresDisputes where sql.contains("has_budgets, disputes"):
            try real.query(sql.replacing("has_budgets, disputes", with: "has_budgets, 0"), values)
        case .refundsWithoutLooking, .forgetsPurchaseKeys, .forgetsGrants, .forgetsGrace, .forgetsApprovals,
            .forgetsRefundedCash, .forgetsAlerts, .swapsWithoutAttempt, .releasesFromHead, .resubmitsWithoutLooking,
            .retriesCreatesItself, .refundsLate, .adoptsOwnedJobs, .miscountsSlots, .succeedsWithoutVideo,
            .believesAnyAnswer, .forgetsRequests, .dropsEvents, .failsOverUnknown, .ignoresCancels,
            .ignoresStoppedLanes,
            .ignoresOrganizationLimits, .countsLateAsInTime, .forgetsBudgets, .ignoresBudgets, .keepsBudgets,
            .usesFuturePrices, .usesOldPrices, .repricesBatches, .skipsInvoiceNumbers, .closesMonthsAgain,
            .restoresTwice, .forgetsReceivables, .ignoresDisputes, .forgetsChargebacks, .forgetsLosses,
            .removesUnsettledBatches:
            try real.query(sql, values)
        }
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        var values = values
        if bug == .miscountsSlots, sql.hasPrefix("UPDATE lane SET state"), case .integer(let count) = values[1] {
            values[1] = .integer(count + 1)
        }
        if bug == .countsLateAsInTime, sql.hasPrefix("UPDATE service_level SET") { values[1] = values[0] }
        if bug == .keepsBudgets, sql.hasPrefix("UPDATE budget_use SET") { return 1 }
        if bug == .forgetsApprovals, sql.hasPrefix("UPDATE adjustment SET state") { return 1 }
        if bug == .closesMonthsAgain, sql.hasPrefix("UPDATE credit_line SET closed_month") { return 1 }
        if bug == .forgetsReceivables, sql.hasPrefix("UPDATE invoice SET state") { return 1 }
        if bug == .forgetsLosses, sql.hasPrefix("UPDATE dispute SET") { values[3] = 0 }
        if bug == .forgetsChargebacks, sql.hasPrefix("UPDATE dispute SET"), values[0] == .text("charged_back") {
            return 1
        }
        if bug == .removesUnsettledBatches, sql.hasPrefix("UPDATE batch SET tasks_removed_at") {
            let unsettled = "COALESCE((SELECT MIN(id) FROM batch WHERE finished_at IS NULL), $2)"
            return try real.execute(sql.replacing("$2", with: unsettled), values)
        }
        if bug == .forgetsAlerts, sql.hasPrefix("UPDATE wallet SET available_micros") { values[6] = 0 }
        return try real.execute(sql, values)
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int] {
        if bug == .swapsWithoutAttempt, sql.hasPrefix("UPDATE task SET") {
            let unfenced = sql.replacing("AND attempt = ", with: "AND 0 <= ").replacing(
                "AND due_at = ", with: "AND 0 < ")
            return try real.executeMany(unfenced, rows)
        }
        if bug == .repricesBatches, sql.hasPrefix("UPDATE batch SET status") {
            let dearer = "SET unit_price_micros = unit_price_micros + 1, status"
            return try real.executeMany(sql.replacing("SET status", with: dearer), rows)
        }
        if bug == .forgetsBudgets, sql.hasPrefix("INSERT INTO budget_use") { return rows.map { _ in 1 } }
        if bug == .forgetsGrace, sql.hasPrefix("UPDATE lot SET") {
            let old = "expires_at = COALESCE(expires_at, $4)"
            return try real.executeMany(sql.replacing("expires_at = $4", with: old), rows)
        }
        if bug == .forgetsRefundedCash, sql.hasPrefix("UPDATE lot SET") {
            return try real.executeMany(sql, rows.map { row in row.enumerated().map { $0 == 7 ? 0 : $1 } })
        }
        if bug == .refundsLate, sql.hasPrefix("UPDATE batch SET status") {
            return try real.executeMany(sql, rows.map(Self.settledLate))
        }
        return try real.executeMany(sql, rows)
    }

    /// The columns of an open batch, with its next posting ten minutes later.
    private static func settledLate(_ values: [SQLValue]) -> [SQLValue] {
        guard case .integer(let due) = values[8], values[1] != 0 || values[2] != 0 else { return values }
        var values = values
        values[8] = .integer(due + 600_000)
        return values
    }

    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        if bug == .dropsEvents, table == "event" { return }
        try real.bulkInsert(table, columns, rows)
    }
}
