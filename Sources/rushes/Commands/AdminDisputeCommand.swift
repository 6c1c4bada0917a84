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

        @Option(help: "Micro-dollars that the bank asks for, tax included; without it all that is kept.")
        var micros: Int64?

        @Option(help: "Why.")
        var reason: String

        @OptionGroup var name: OperatorName
        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let request = DisputeRequest(
                reference: reference, amountMicros: micros, reason: reason, by: name.text)
            let dispute = try await installation.withClient { try await $0.openDispute(of: purchase, request) }
            try installation.show(dispute, as: dispute.line)
        }
    }

    /// `rushes admin dispute won`
    struct Won: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that the payment stands: the wallet takes batches again.")

        @Argument(help: "The dispute, dsp_...")
        var dispute: String

        @OptionGroup var decision: OperatorDecision

        func run() async throws {
            try await decision.make(DisputeBody.self, \.line) {
                try await $0.decideDispute(dispute, isWon: true, $1)
            }
        }
    }

    /// `rushes admin dispute lost`
    struct Lost: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that the bank took the payment back.",
            discussion: """
                What is left of the purchase goes as a refund does, and what was used of it is booked as a loss: at once, \
                or when running batches no longer hold credits of it. Of a part of the payment only free credits go that \
                it had bought.
                """)

        @Argument(help: "The dispute, dsp_...")
        var dispute: String

        @OptionGroup var decision: OperatorDecision

        func run() async throws {
            try await decision.make(DisputeBody.self, \.line) {
                try await $0.decideDispute(dispute, isWon: false, $1)
            }
        }
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
                ("DISPUTE", .left), ("STATUS", .left), ("PURCHASE", .left), ("AMOUNT", .right), ("LOSS", .right),
                ("OPENED", .left), ("REFERENCE", .left), ("REASON", .left),
            ])
            for one in found.data {
                table.add([
                    one.id, one.status, one.purchaseID, one.amountMicros.map(dollars) ?? "all", dollars(one.lossMicros),
                    one.openedAt, one.reference, one.reason,
                ])
            }
            table.lines.forEach(output)
        }
    }
}

extension DisputeBody {
    fileprivate var line: String {
        let part = amountMicros.map { ", \(dollars($0)) of it" } ?? ""
        let loss = status == "charged_back" ? ", \(dollars(lossMicros)) lost" : ""
        return "\(id) \(status): purchase \(purchaseID)\(part), reference \(reference)\(loss)"
    }
}
