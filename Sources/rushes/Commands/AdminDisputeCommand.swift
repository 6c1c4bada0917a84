import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin dispute`
struct AdminDisputeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute", abstract: "Record payments that banks ask about or take back.",
        subcommands: [Open.self, Won.self, Lost.self, List.self])

    /// `rushes admin dispute open`
    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that a bank asks whether the payment of a purchase stands.",
            discussion: """
                The wallet takes no new batches until the dispute is won, or lost and booked out; running batches finish. \
                The same reference again changes nothing.
                """)

        @Argument(help: "The purchase, pur_...")
        var purchase: String

        @Option(help: "The bank's reference of the dispute.")
        var reference: String

        @Option(help: "Why.")
        var reason: String

        @OptionGroup var name: OperatorName
        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let request = DisputeRequest(reference: reference, reason: reason, by: name.text)
            try AdminDisputeCommand.show(
                try await installation.withClient { try await $0.openDispute(of: purchase, request) }, installation)
        }
    }

    /// `rushes admin dispute won`
    struct Won: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that the payment stands: the wallet takes batches again.")

        @OptionGroup var decision: Decision

        func run() async throws { try await decision.make(isWon: true) }
    }

    /// `rushes admin dispute lost`
    struct Lost: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that the bank took the payment back.",
            discussion: """
                What is left of the purchase goes as a refund does, and what was used of it is booked as a loss: at once, \
                or when running batches no longer hold credits of it.
                """)

        @OptionGroup var decision: Decision

        func run() async throws { try await decision.make(isWon: false) }
    }

    /// `rushes admin dispute list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an organization's disputes, the newest first.")

        @Argument(help: "The organization, org_...")
        var organization: String

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let found = try await installation.withClient { try await $0.disputes(of: organization) }
            if installation.json { return try outputJSON(found) }
            var table = Table([
                ("DISPUTE", .left), ("STATUS", .left), ("PURCHASE", .left), ("LOSS", .right), ("OPENED", .left),
                ("REFERENCE", .left), ("REASON", .left),
            ])
            for one in found.data {
                table.add([
                    one.id, one.status, one.purchaseID, dollars(one.lossMicros), one.openedAt, one.reference,
                    one.reason,
                ])
            }
            table.lines.forEach(output)
        }
    }

    /// A dispute and who records the bank's decision.
    struct Decision: ParsableArguments {
        @Argument(help: "The dispute, dsp_...")
        var dispute: String

        @OptionGroup var name: OperatorName
        @OptionGroup var installation: OperatorOptions

        func make(isWon: Bool) async throws {
            let request = DecisionRequest(by: name.text)
            let decided = try await installation.withClient {
                try await $0.decideDispute(dispute, isWon: isWon, request)
            }
            try AdminDisputeCommand.show(decided, installation)
        }
    }

    fileprivate static func show(_ dispute: DisputeBody, _ installation: OperatorOptions) throws {
        if installation.json { return try outputJSON(dispute) }
        let loss = dispute.status == "charged_back" ? ", \(dollars(dispute.lossMicros)) lost" : ""
        output("\(dispute.id) \(dispute.status): purchase \(dispute.purchaseID), reference \(dispute.reference)\(loss)")
    }
}
