import ArgumentParser
import RushesClient
import RushesWire

/// `rushes billing`
struct BillingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "billing", abstract: "Show or set what invoices say of you.",
        discussion: "What was issued stays as it is. The tax rate is the operator's to set.")

    @Option(help: "The name on invoices.")
    var name: String?

    @Option(name: .customLong("address-line"), help: "A line of the address; once for each.")
    var addressLines: [String] = []

    @Option(name: .customLong("tax-id"), help: "Your number with the tax office.")
    var taxID: String?

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let profile = try await customer.withClient { client in
            let now = try await client.billingProfile()
            if name == nil && addressLines.isEmpty && taxID == nil { return now }
            return try await client.setBillingProfile(
                BillingProfileRequest(
                    name: name ?? now.name, address: addressLines.isEmpty ? now.address : addressLines,
                    taxID: taxID ?? now.taxID))
        }
        if customer.json { return try outputJSON(profile) }
        profile.lines.forEach(output)
    }
}

extension BillingProfileBody {
    /// What `billing` prints for people.
    var lines: [String] {
        ["name      \(name)"] + address.map { "address   \($0)" } + (taxID.map { ["tax id    \($0)"] } ?? [])
            + ["tax rate  \(taxRateBasisPoints) basis points"]
    }
}
