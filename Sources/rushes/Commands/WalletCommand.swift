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
    /// Everything that was granted by the lots that are not used up.
    var grantedMicros: Int64 { lots.reduce(0) { $0 + $1.faceMicros } }

    /// What `wallet` prints for people.
    var lines: [String] {
        var table = Table([
            ("LOT", .left), ("KIND", .left), ("PAID", .right), ("GRANTED", .right), ("AVAILABLE", .right),
            ("HELD", .right), ("CHARGED", .right), ("EXPIRES", .left),
        ])
        for lot in lots {
            table.add([
                lot.id, lot.kind, dollars(lot.paidMicros), dollars(lot.faceMicros), dollars(lot.availableMicros),
                dollars(lot.heldMicros), dollars(lot.chargedMicros), lot.expiresAt ?? "never",
            ])
        }
        let note = suspended ? ["suspended: a payment is disputed, so new batches are refused"] : []
        return [sum] + note + [""] + table.lines
    }

    /// Where all that was granted is; what there is none of is left out, but for the first three.
    private var sum: String {
        let places: [(name: String, micros: Int64, isAlwaysShown: Bool)] = [
            ("available", availableMicros, true), ("held", heldMicros, true),
            ("charged", lots.reduce(0) { $0 + $1.chargedMicros }, true),
            ("expired", lots.reduce(0) { $0 + $1.expiredMicros }, false),
            ("corrected", lots.reduce(0) { $0 + $1.correctedMicros }, false),
            ("refunded", lots.reduce(0) { $0 + $1.refundedMicros }, false),
        ]
        let shown = places.filter { $0.isAlwaysShown || $0.micros != 0 }
        return "granted \(dollars(grantedMicros)) = "
            + shown.map { "\($0.name) \(dollars($0.micros))" }.joined(separator: " + ")
    }
}
