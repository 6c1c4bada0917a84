import ArgumentParser
import RushesClient
import RushesWire

/// `rushes ledger`
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Show, export and verify the postings that moved the credits.",
        subcommands: [LedgerListCommand.self, LedgerExportCommand.self, LedgerVerifyCommand.self],
        defaultSubcommand: LedgerListCommand.self)
}

/// `rushes ledger list`, and `rushes ledger` alone
struct LedgerListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the postings (what ledger does without a subcommand).")

    @Option(help: "Only the postings of this batch.")
    var batch: String?

    @Option(help: "How many entries.")
    var limit = 1_000

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let entries = try await customer.withClient { client in
            try await pages(limit: limit) { try await client.ledger(batch: batch, limit: $0, cursor: $1) }
        }
        if customer.json { return try outputJSON(entries) }
        ledgerTable(entries.data).forEach(output)
        if entries.hasMore { note("there are more; raise --limit") }
    }
}

/// Ledger entries for people.
func ledgerTable(_ entries: [LedgerEntryBody]) -> [String] {
    var table = Table([
        ("SEQ", .right), ("KIND", .left), ("ACCOUNT", .left), ("AMOUNT", .right), ("AVAILABLE", .right),
        ("HELD", .right),
        ("REFERENCE", .left), ("TIME", .left),
    ])
    for entry in entries {
        table.add([
            "\(entry.seq)", entry.kind, entry.account, signedDollars(entry.amountMicros),
            entry.availableAfterMicros.map(dollars) ?? "", entry.heldAfterMicros.map(dollars) ?? "", entry.reference,
            entry.createdAt,
        ])
    }
    return table.lines
}
