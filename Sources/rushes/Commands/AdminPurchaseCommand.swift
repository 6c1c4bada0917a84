import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin purchase`
struct AdminPurchaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purchase",
        abstract: "Grant a prepaid package or a top-up, or confirm one that a customer opened.",
        discussion: "The reference names the payment; the same one never grants twice.")

    @Argument(help: "The organization, org_...; not needed with --confirm.")
    var organization: String?

    @Option(help: "A package of the catalogue, such as pack_2000.")
    var package: String?

    @Option(name: .customLong("topup-micros"), help: "A top-up at par, in micro-credits (1000000 = $1).")
    var topupMicros: Int64?

    @Option(help: "A purchase that waits for its payment, pur_...")
    var confirm: String?

    @Flag(help: "List the organization's purchases that wait for their payment.")
    var pending = false

    @Option(help: "The payment reference.")
    var reference: String?

    @OptionGroup var installation: OperatorOptions

    func validate() throws {
        let choices = [package != nil, topupMicros != nil, confirm != nil, pending].count { $0 }
        if choices != 1 { throw ValidationError("Give one of --package, --topup-micros, --confirm and --pending.") }
        if (organization == nil) != (confirm != nil) {
            throw ValidationError("Name the organization, or the purchase with --confirm.")
        }
        if (reference == nil) != pending { throw ValidationError("Give --reference, the payment's reference.") }
    }

    func run() async throws {
        if let organization, pending { return try await list(organization) }
        let reference = reference ?? ""
        let purchase = try await installation.withClient { client in
            if let confirm {
                return try await client.confirmPurchase(confirm, PaymentReference(reference: reference))
            }
            return try await client.purchase(
                PurchaseRequest(
                    organizationID: organization ?? "", package: package, topupMicros: topupMicros,
                    reference: reference))
        }
        if installation.json { return try outputJSON(purchase) }
        let tax = purchase.taxMicros.map { "\(dollars($0)) of it tax" } ?? "tax not known"
        output(
            "\(purchase.id) \(purchase.status): \(dollars(purchase.faceMicros)) for"
                + " \(dollars(purchase.totalMicros ?? purchase.paidMicros)) paid, \(tax),"
                + " lot \(purchase.lotID ?? "none"), reference \(purchase.reference ?? "none")")
    }

    private func list(_ organization: String) async throws {
        let purchases = try await installation.withClient { try await $0.pendingPurchases(of: organization) }
        if installation.json { return try outputJSON(purchases) }
        purchaseTable(purchases.data).forEach(output)
    }
}

/// Purchases for people.
func purchaseTable(_ purchases: [PurchaseBody]) -> [String] {
    var table = Table([
        ("PURCHASE", .left), ("STATUS", .left), ("PACKAGE", .left), ("NET", .right), ("TAX", .right),
        ("TOTAL", .right), ("CREDITS", .right), ("REFERENCE", .left), ("OPENED", .left),
    ])
    for purchase in purchases {
        table.add([
            purchase.id, purchase.status, purchase.package ?? "top-up", dollars(purchase.paidMicros),
            purchase.taxMicros.map { dollars($0) } ?? "", purchase.totalMicros.map { dollars($0) } ?? "",
            dollars(purchase.faceMicros), purchase.reference ?? "", purchase.createdAt,
        ])
    }
    return table.lines
}
