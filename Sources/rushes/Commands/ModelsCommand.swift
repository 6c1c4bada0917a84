import ArgumentParser
import RushesClient
import RushesWire

/// `rushes models`
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models with prices and limits.")

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let models = try await customer.withClient { try await $0.models() }
        if customer.json { return try outputJSON(models) }
        var table = Table([
            ("MODEL", .left), ("PRICE", .right), ("BATCH", .right), ("SECONDS", .left), ("SIZES", .left),
            ("SLA", .right), ("PROVIDER", .left), ("STATE", .left),
        ])
        for model in models.data {
            table.add([
                model.id, dollars(model.unitPriceMicros), "\(model.minBatch)-\(model.maxBatch)",
                model.seconds.map(String.init).joined(separator: ","), model.sizes.joined(separator: ","),
                duration(model.slaSeconds), model.provider, model.state,
            ])
        }
        table.lines.forEach(output)
    }
}
