import ArgumentParser
import Foundation
import RushesClient

/// `rushes ledger export`
struct LedgerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Fetch the whole ledger as a file.",
        discussion: """
            jsonl has everything that `rushes ledger verify` needs; csv is for spreadsheets. The file gets its name only when \
            it is complete.
            """)

    @Option(
        help: "jsonl or csv.",
        transform: { text in
            guard let format = LedgerFormat(rawValue: text) else { throw ValidationError("jsonl or csv") }
            return format
        })
    var format = LedgerFormat.jsonl

    @Option(help: "The file (default: stdout).", completion: .file())
    var output: String?

    @OptionGroup var customer: CustomerOptions

    func validate() throws {
        if customer.json { throw ValidationError("--format jsonl is the export as JSON.") }
    }

    func run() async throws {
        try await customer.withClient { client in
            guard let output else {
                return try await client.exportLedger(format) { chunk in
                    try FileHandle.standardOutput.write(contentsOf: Data(chunk))
                }
            }
            try await write(to: output, from: client)
        }
    }

    private func write(to path: String, from client: RushesClient) async throws {
        let part = path + ".part"
        guard FileManager.default.createFile(atPath: part, contents: nil),
            let file = FileHandle(forWritingAtPath: part)
        else { throw Complaint(message: "\(part) cannot be written") }
        try await client.exportLedger(format) { chunk in try file.write(contentsOf: Data(chunk)) }
        try file.close()
        guard rename(part, path) == 0 else { throw Complaint(message: "\(path) cannot be written") }
        note("the ledger is in \(path)")
    }
}
