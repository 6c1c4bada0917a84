import ArgumentParser
import RushesClient
import RushesWire

/// `rushes cancel`
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Stop what a batch has not dispatched yet; what runs may still succeed.")

    @Argument(help: "The batch, bat_...")
    var batch: String

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let body = try await customer.withClient { try await $0.cancel(batch) }
        if customer.json { return try outputJSON(body) }
        output(body.summary)
    }
}
