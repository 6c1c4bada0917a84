import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin adjust`
struct AdminAdjustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjust", abstract: "Correct a wallet: one operator proposes, another one approves.",
        subcommands: [Propose.self, Approve.self, Reject.self, List.self], defaultSubcommand: List.self)

    /// `rushes admin adjust propose`
    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask for a correction.",
            discussion: """
                Credits that are given become a lot that nobody paid for. Credits that are taken come from the lots in \
                the order of drawing, and the cash that was paid for them is earned: to pay it back, use refund.
                """)

        @Argument(help: "The organization, org_...")
        var organization: String

        @Option(
            parsing: .unconditional,
            help: "Micro-credits: above zero they are given, below zero taken (-1000000 takes $1).")
        var micros: Int64

        @Option(help: "Why.")
        var reason: String

        @Option(help: "Where it was asked for, such as a ticket's number.")
        var ticket: String

        @OptionGroup var name: OperatorName
        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let request = AdjustmentRequest(
                organizationID: organization, amountMicros: micros, reason: reason, ticket: ticket, by: name.text)
            let adjustment = try await installation.withClient { try await $0.proposeAdjustment(request) }
            try installation.show(adjustment, as: adjustment.line)
        }
    }

    /// `rushes admin adjust approve`
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve a correction that somebody else proposed; it is posted at once.")

        @Argument(help: "The correction, adj_...")
        var adjustment: String

        @OptionGroup var decision: OperatorDecision

        func run() async throws {
            try await decision.make(AdjustmentBody.self, \.line) {
                try await $0.decideAdjustment(adjustment, approves: true, $1)
            }
        }
    }

    /// `rushes admin adjust reject`
    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reject a correction.")

        @Argument(help: "The correction, adj_...")
        var adjustment: String

        @OptionGroup var decision: OperatorDecision

        func run() async throws {
            try await decision.make(AdjustmentBody.self, \.line) {
                try await $0.decideAdjustment(adjustment, approves: false, $1)
            }
        }
    }

    /// `rushes admin adjust list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the corrections that wait for their decision, or those of an organization.")

        @Option(help: "The organization, org_...")
        var organization: String?

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let found = try await installation.withClient { try await $0.adjustments(of: organization) }
            if installation.json { return try outputJSON(found) }
            var table = Table([
                ("ADJUSTMENT", .left), ("STATUS", .left), ("ORGANIZATION", .left), ("AMOUNT", .right), ("BY", .left),
                ("DECIDED BY", .left), ("TICKET", .left), ("REASON", .left),
            ])
            for one in found.data {
                table.add([
                    one.id, one.status, one.organizationID, signedDollars(one.amountMicros), one.proposedBy,
                    one.decidedBy ?? "", one.ticket, one.reason,
                ])
            }
            table.lines.forEach(output)
        }
    }
}

extension AdjustmentBody {
    fileprivate var line: String {
        "\(id) \(status): \(signedDollars(amountMicros)) for \(organizationID), proposed by \(proposedBy)"
    }
}
