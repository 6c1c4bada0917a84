import ArgumentParser
import RushesClient
import RushesWire

/// `rushes submit`
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Create a batch from a file of prompts.",
        discussion: """
            Writes the batch's id to stdout. The same file, model and name submitted again is the same batch and is not
            charged again; --again makes a new one.

            EXAMPLES
              rushes submit prompts.csv --model sora-2
              rushes submit prompts.csv --model sora-2 --request-id spring-campaign --wait
            """)

    @OptionGroup var sheet: SheetOptions

    @Flag(help: "Make a new batch although the same file was submitted before.")
    var again = false

    @Flag(help: "Watch it until it ends; the exit code then tells how.")
    var wait = false

    @Option(help: "With --wait: stop watching after so many seconds, with exit code 8.")
    var timeout: Int?

    @OptionGroup var customer: CustomerOptions

    func validate() throws {
        if again, sheet.requestID != nil { throw ValidationError("--again and --request-id exclude each other.") }
    }

    func run() async throws {
        var file = try sheet.read()
        if again { file.requestID = (file.requestID ?? "file") + "-" + freshSuffix() }
        let sent = file
        try await customer.withClient(attempts: wait ? 8 : 4) { client in
            let submission = try await client.submit(sent)
            explain(submission)
            guard wait else {
                return customer.json ? try outputJSON(submission.batch) : output(submission.batch.id)
            }
            let watch = BatchWatch(client: client, batch: submission.batch.id, timeoutSeconds: timeout)
            try WatchCommand.end(with: try await watch.untilEnd(), asJSON: customer.json)
        }
    }

    private func explain(_ submission: Submission) {
        let batch = submission.batch
        if submission.isReplay {
            note("already submitted as \(batch.id) (request_id \(batch.requestID)): nothing was charged again")
            if sheet.requestID == nil { note("to make a new batch of the same file: --again") }
        } else {
            note(
                "froze \(dollars(batch.frozenMicros)) for \(batch.counts.total) videos (request_id \(batch.requestID))")
        }
        if !wait { note("follow it: rushes watch \(batch.id)") }
    }

    private func freshSuffix() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
