import ArgumentParser
import RushesClient
import RushesWire

/// `rushes budget`
struct BudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget", abstract: "Limit what the batches of an API key or of a project cost.",
        discussion: """
            A budget counts what batches were frozen for in a day or a month (UTC), less what they gave back. A batch \
            for which it has no room is refused with exit code 5.

            EXAMPLES
              rushes budget set --project spring --month --micros 500000000
              rushes submit prompts.csv --model sora-2 --project spring
            """,
        subcommands: [List.self, Set.self], defaultSubcommand: List.self)

    /// `rushes budget list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the budgets and what is left of them.")

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let budgets = try await customer.withClient { try await $0.budgets() }
            if customer.json { return try outputJSON(budgets) }
            budgetTable(budgets.data).forEach(output)
        }
    }

    /// `rushes budget set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set a budget, or take its limit away.")

        @OptionGroup var wanted: BudgetOptions
        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let budget = try await customer.withClient { try await $0.setBudget(wanted.request) }
            if customer.json { return try outputJSON(budget) }
            budgetTable([budget]).forEach(output)
        }
    }
}

/// `rushes admin budget`
struct AdminBudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget", abstract: "Limit what the batches of an organization's API keys and projects cost.",
        subcommands: [List.self, Set.self], defaultSubcommand: List.self)

    /// `rushes admin budget list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the budgets and what is left of them.")

        @Argument(help: "The organization, org_...")
        var organization: String

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let budgets = try await installation.withClient { try await $0.budgets(of: organization) }
            if installation.json { return try outputJSON(budgets) }
            budgetTable(budgets.data).forEach(output)
        }
    }

    /// `rushes admin budget set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set a budget, or take its limit away.")

        @Argument(help: "The organization, org_...")
        var organization: String

        @OptionGroup var wanted: BudgetOptions
        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let budget = try await installation.withClient {
                try await $0.setBudget(wanted.request, of: organization)
            }
            if installation.json { return try outputJSON(budget) }
            budgetTable([budget]).forEach(output)
        }
    }
}

/// Which budget, and its limit.
struct BudgetOptions: ParsableArguments {
    @Option(name: .customLong("key"), help: "The API key whose batches count, key_...")
    var apiKey: String?

    @Option(help: "The label of the project whose batches count.")
    var project: String?

    @Flag(exclusivity: .exclusive, help: "For each day or for each month, in UTC.")
    var period: Period

    @Option(help: "What they may cost, in micro-credits (1000000 = $1).")
    var micros: Int64?

    @Flag(name: .customLong("no-limit"), help: "Take the limit away; what is used is still counted.")
    var hasNoLimit = false

    /// How long a budget lasts.
    enum Period: String, EnumerableFlag {
        case day
        case month
    }

    func validate() throws {
        if (apiKey == nil) == (project == nil) { throw ValidationError("Give either --key or --project.") }
        if (micros == nil) != hasNoLimit { throw ValidationError("Give either --micros or --no-limit.") }
    }

    /// The request for it.
    var request: BudgetRequest {
        BudgetRequest(apiKeyID: apiKey, project: project, period: period.rawValue, limitMicros: micros)
    }
}

/// Budgets for people.
private func budgetTable(_ budgets: [BudgetBody]) -> [String] {
    var table = Table([
        ("BUDGET OF", .left), ("EACH", .left), ("LIMIT", .right), ("USED", .right), ("LEFT", .right), ("UNTIL", .left),
    ])
    for one in budgets {
        table.add([
            one.apiKeyID ?? one.project.map { "project \($0)" } ?? "", one.period,
            one.limitMicros.map(dollars) ?? "none", dollars(one.usedMicros), one.leftMicros.map(dollars) ?? "",
            one.endsAt,
        ])
    }
    return table.lines
}
