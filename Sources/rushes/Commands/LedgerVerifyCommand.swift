import ArgumentParser
import Foundation
import RushesClient

/// `rushes ledger verify`
struct LedgerVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove an export offline: chain, balances and lots, without a server.",
        discussion: """
            Recomputes every hash, the running balances and where each lot's credits are, in memory that does not grow with \
            the ledger, and compares with the last line of the export. A statement (rushes statement MONTH --json) is made \
            again from the export and compared; it also proves that the ledger has not lost its newest transactions since.

            Exits 0 when everything holds, 1 when something does not (the first bad number is named), 6 when the file is no \
            export or cannot be read.
            """)

    @Argument(help: "An export in the format jsonl.", completion: .file())
    var file: String

    @Option(help: "The JSON of a statement that the ledger has to agree with.", completion: .file())
    var statement: String?

    func run() async throws {
        switch try LedgerFile(path: file).verify(against: try statement.map(read)) {
        case .proven(let organization, let transactions, let chainHead, let lots):
            output("ok: \(organization), \(transactions) transactions, \(lots) lots, head \(chainHead)")
            if statement != nil { output("ok: the statement is what the ledger says") }
        case .broken(let sequence, let reason):
            throw Complaint(message: "the ledger is broken at \(sequence)", details: [reason])
        case .foreign(let reason):
            throw Complaint(message: reason, status: .input)
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Complaint(message: "\(path) cannot be read", status: .input)
        }
    }
}
