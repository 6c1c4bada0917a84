package import RushesCore

/// The ledger as comma-separated values: a row for each line of each transaction.
package enum LedgerCSV {
    /// The first row.
    package static let titles = CSVText.line([
        "seq", "transaction_id", "kind", "reference", "batch_id", "created_at", "line", "account", "unit",
        "amount_micros", "available_after_micros", "held_after_micros", "hash",
    ])

    /// The rows of a transaction.
    package static func rows(of link: LedgerLink) -> String {
        let position = link.position
        let shared = [
            CSVText.cell(Int64(position.sequence)), CSVText.cell(position.transaction.rawValue),
            CSVText.cell(link.kind), CSVText.cell(link.reference), CSVText.cell(link.batch?.rawValue ?? ""),
            CSVText.cell(position.createdAt.rfc3339),
        ]
        let after = [CSVText.cell(position.availableAfter.micros), CSVText.cell(position.heldAfter.micros)]
        return link.lines.enumerated().map { index, line in
            CSVText.line(
                shared + [
                    CSVText.cell(Int64(index + 1)), CSVText.cell(line.account), CSVText.cell(line.unit),
                    CSVText.cell(line.amountMicros),
                ] + after + [CSVText.cell(link.hash)])
        }.joined()
    }
}
