import ArgumentParser
import Foundation
import RushesClient
import RushesWire

/// `rushes admin cost`
struct AdminCostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost", abstract: "What providers really take.", subcommands: [Import.self])

    /// `rushes admin cost import`
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a provider's bill in; `admin margin` then goes by it and not by list prices.",
            discussion: """
                The file has a header row with the columns job and amount_usd. A job is billed once: the same line \
                again changes nothing, and a line with another amount is named and not taken (exit code 1). Lines of \
                jobs that nobody owns here are kept and named: money for nothing that we know of.
                """)

        @Argument(help: "A .csv file.", completion: .file(extensions: ["csv"]))
        var file: String

        @Option(help: "The provider account, as the catalogue's routes name it.")
        var provider: String

        @Option(help: "The bill's name, such as 2026-11.")
        var bill: String

        @OptionGroup var name: OperatorName
        @OptionGroup var installation: OperatorOptions

        private static let linesPerRequest = 2_000

        func run() async throws {
            let lines = try lines()
            var sum = ProviderBillResult(matched: 0, replayed: 0, unmatched: [], conflicting: [])
            for start in stride(from: 0, to: lines.count, by: Self.linesPerRequest) {
                let part = Array(lines[start..<min(start + Self.linesPerRequest, lines.count)])
                let request = ProviderBillRequest(provider: provider, bill: bill, by: name.text, lines: part)
                sum = sum + (try await installation.withClient { try await $0.importCosts(request) })
            }
            if installation.json { try outputJSON(sum) } else { shown(sum).forEach(output) }
            if !sum.conflicting.isEmpty { throw ExitCode(1) }
        }

        private func lines() throws -> [ProviderBillLine] {
            let bytes: [UInt8]
            do {
                bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            } catch {
                throw Complaint(message: "\(file): \(error.localizedDescription)", status: .input)
            }
            let (lines, issues) = try ProviderBillCSV.read(bytes)
            guard issues.isEmpty else {
                throw Complaint(message: "\(file): \(issues.prefix(20).joined(separator: "\n"))", status: .input)
            }
            return lines
        }

        private func shown(_ sum: ProviderBillResult) -> [String] {
            func list(_ words: String, _ lines: [ProviderBillLine]) -> [String] {
                lines.map { "\(words): \($0.job) \(dollars($0.amountMicros))" }
            }
            return [
                "\(sum.matched) lines matched, \(sum.replayed) known before, \(sum.unmatched.count) of unknown jobs"
            ]
                + list("unknown job", sum.unmatched) + list("billed before at another amount", sum.conflicting)
        }
    }
}
