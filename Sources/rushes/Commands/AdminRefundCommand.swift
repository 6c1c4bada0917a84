import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin refund`
struct AdminRefundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Pay back what is left of a purchase.",
        discussion: """
            All free credits of the purchase go, and the cash that waits for them is booked out: what was paid less what \
            the charged credits have earned. Send the money first and name that payment; the same reference never pays \
            back twice. A purchase of which running batches hold credits is refused.
            """)

    @Argument(help: "The purchase, pur_...")
    var purchase: String

    @Option(help: "The reference of the payment back.")
    var reference: String

    @Option(help: "Why.")
    var reason: String

    @OptionGroup var name: OperatorName
    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let request = RefundRequest(reference: reference, reason: reason, by: name.text)
        let refund = try await installation.withClient { try await $0.refundPurchase(purchase, request) }
        if installation.json { return try outputJSON(refund) }
        let (total, tax) = (dollars(refund.cashMicros + refund.taxMicros), dollars(refund.taxMicros))
        output(
            "\(total) (tax \(tax)) paid back for \(dollars(refund.creditsMicros)) of credits, reference "
                + refund.reference)
    }
}
