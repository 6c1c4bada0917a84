import ArgumentParser
import RushesClient
import RushesWire

/// `rushes watch`
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show a batch's progress until it ends.",
        discussion: "Exits 0 when all succeeded, 3 when some did, 7 when none did, 8 when --timeout was reached.")

    @Argument(help: "The batch, bat_...")
    var batch: String

    @Option(help: "Stop watching after so many seconds.")
    var timeout: Int?

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let ended = try await customer.withClient(attempts: 8) { client in
            try await BatchWatch(client: client, batch: batch, timeoutSeconds: timeout).untilEnd()
        }
        try Self.end(with: ended, asJSON: customer.json)
    }

    /// Writes how the batch ended and leaves with its exit code.
    static func end(with batch: BatchBody, asJSON: Bool) throws {
        if asJSON { try outputJSON(batch) } else { output(batch.summary) }
        let status = ExitStatus(batchStatus: batch.status)
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
