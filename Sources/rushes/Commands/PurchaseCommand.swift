import ArgumentParser
import RushesClient
import RushesWire

/// `rushes purchase`
struct PurchaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purchase", abstract: "Buy credits: open a purchase, pay it, and the operator grants it.",
        subcommands: [Packages.self, Open.self, List.self, Cancel.self], defaultSubcommand: List.self)

    /// `rushes purchase packages`
    struct Packages: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the prepaid packages on offer.")

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let packages = try await customer.withClient { try await $0.packages() }
            if customer.json { return try outputJSON(packages) }
            var table = Table([("PACKAGE", .left), ("PRICE", .right), ("CREDITS", .right)])
            for one in packages.data { table.add([one.id, dollars(one.paidMicros), dollars(one.faceMicros)]) }
            table.lines.forEach(output)
        }
    }

    /// `rushes purchase open`
    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open a purchase; what it costs and grants is fixed now.")

        @Option(help: "A package, such as pack_2000.")
        var package: String?

        @Option(name: .customLong("topup-micros"), help: "A top-up at par, in micro-credits (1000000 = $1).")
        var topupMicros: Int64?

        @Option(name: .customLong("request-id"), help: "The key of idempotency: the same one never opens two.")
        var requestID: String

        @OptionGroup var customer: CustomerOptions

        func validate() throws {
            if (package == nil) == (topupMicros == nil) {
                throw ValidationError("Give either --package or --topup-micros.")
            }
        }

        func run() async throws {
            let request = PurchaseOpeningRequest(requestID: requestID, package: package, topupMicros: topupMicros)
            let purchase = try await customer.withClient { try await $0.openPurchase(request) }
            if customer.json { return try outputJSON(purchase) }
            purchaseTable([purchase]).forEach(output)
        }
    }

    /// `rushes purchase list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the purchases, the newest first.")

        @Option(help: "How many.")
        var limit = 100

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let purchases = try await customer.withClient { client in
                try await pages(limit: limit) { try await client.purchases(limit: $0, cursor: $1) }
            }
            if customer.json { return try outputJSON(purchases) }
            purchaseTable(purchases.data).forEach(output)
        }
    }

    /// `rushes purchase cancel`
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Call a purchase off that was not paid yet.")

        @Argument(help: "The purchase, pur_...")
        var purchase: String

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let cancelled = try await customer.withClient { try await $0.cancelPurchase(purchase) }
            if customer.json { return try outputJSON(cancelled) }
            output("\(cancelled.id) \(cancelled.status)")
        }
    }
}
