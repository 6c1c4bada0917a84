import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin purchase`
struct AdminPurchaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purchase", abstract: "Grant a prepaid package or a top-up.",
        discussion: "The reference names the payment; the same one never grants twice.")

    @Argument(help: "The organization, org_...")
    var organization: String

    @Option(help: "A package of the catalogue, such as pack_2000.")
    var package: String?

    @Option(name: .customLong("topup-micros"), help: "A top-up at par, in micro-credits (1000000 = $1).")
    var topupMicros: Int64?

    @Option(help: "The payment reference.")
    var reference: String

    @OptionGroup var installation: OperatorOptions

    func validate() throws {
        if (package == nil) == (topupMicros == nil) {
            throw ValidationError("Give either --package or --topup-micros.")
        }
    }

    func run() async throws {
        let request = PurchaseRequest(
            organizationID: organization, package: package, topupMicros: topupMicros, reference: reference)
        let purchase = try await installation.withClient { try await $0.purchase(request) }
        if installation.json { return try outputJSON(purchase) }
        output(
            "\(purchase.id) \(purchase.status): \(dollars(purchase.faceMicros)) for \(dollars(purchase.paidMicros))"
                + " paid, "
                + "lot \(purchase.lotID), reference \(purchase.reference)")
    }
}
