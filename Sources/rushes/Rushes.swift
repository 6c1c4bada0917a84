import ArgumentParser

/// The command line of Rushes, for customers and operators.
@main struct Rushes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rushes",
        abstract: "Turns a sheet of prompts into stored videos and charges only for what was delivered.",
        discussion: """
            EXAMPLES
              rushes demo                                  the newcomer's first minute
              rushes quote prompts.csv --model sora-2      what it would cost; nothing is written
              rushes submit prompts.csv --model sora-2 --wait
              rushes download bat_... --out videos

            Data goes to stdout, everything else to stderr. Flags win over RUSHES_* variables, they over defaults.

            EXIT CODES
              0 done   1 error   3 batch ended partial   4 authentication   5 not enough credits   6 input invalid
              7 batch ended failed   8 watch timed out   64 usage   75 temporary, try again   130 interrupted
            """,
        groupedSubcommands: [
            CommandGroup(name: "First minute", subcommands: [DemoCommand.self]),
            CommandGroup(
                name: "Customers",
                subcommands: [
                    ModelsCommand.self, QuoteCommand.self, SubmitCommand.self, WatchCommand.self, ListCommand.self,
                    ShowCommand.self, CancelCommand.self, DownloadCommand.self, WalletCommand.self, LedgerCommand.self,
                    PurchaseCommand.self, BudgetCommand.self, StatementCommand.self, InvoiceCommand.self,
                    BillingCommand.self,
                ]),
            CommandGroup(
                name: "Webhooks", subcommands: [WebhooksCommand.self, ListenCommand.self, TriggerCommand.self]),
            CommandGroup(
                name: "Operators",
                subcommands: [
                    ServeCommand.self, SandboxCommand.self, AdminCommand.self, CheckCommand.self, MigrateCommand.self,
                    BackupCommand.self, RestoreCommand.self,
                ]),
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard let complaint = Complaint(error) else { exit(withError: error) }
            complaint.report()
            exit(withError: ExitCode(complaint.status.rawValue))
        }
    }
}
