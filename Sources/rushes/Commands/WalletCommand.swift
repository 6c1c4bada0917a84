import ArgumentParser
import RushesClient
import RushesWire

/// `rushes wallet`
struct WalletCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "wallet", abstract: "Show the credits.")

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let wallet = try await customer.withClient { try await $0.wallet() }
        if customer.json { return try outputJSON(wallet) }
        wallet.lines.forEach(output)
    }
}

extension WalletBody {
    /// Everything that was ever granted.
    var grantedMicros: Int64 { lots.reduce(0) { $0 + $1.faceMicros } }

    /// What `wallet` prints for people.
    var lines: [String] {
        let used = grantedMicros - totalMicros
        var table = Table([
            ("LOT", .left), ("KIND", .left), ("PAID", .right), ("GRANTED", .right), ("AVAILABLE", .right),
            ("HELD", .right), ("EXPIRES", .left),
        ])
        for lot in lots {
            table.add([
                lot.id, lot.kind, dollars(lot.paidMicros), dollars(lot.faceMicros), dollars(lot.availableMicros),
                dollars(lot.heldMicros), lot.expiresAt ?? "never",
            ])
        }
        return [
            "granted \(dollars(grantedMicros)) = available \(dollars(availableMicros)) + held \(dollars(heldMicros))"
                + " + used \(dollars(used))",
            "",
        ] + table.lines
    }
}
