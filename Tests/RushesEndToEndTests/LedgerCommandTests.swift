import Foundation
import RushesWire
import Testing

extension EndToEnd {
    /// The ledger as a file, its verifier and statements, as scripts use them.
    @Suite struct LedgerCommandTests {
        @Test("export, verify offline, statement", .timeLimit(.minutes(5)))
        func exportAndVerify() async throws {
            let folder = try TemporaryFolder()
            let file = folder.path + "/ledger.jsonl"
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(package: "pack_2000")
                let rows = (0..<10).map { "Paper boat no. \($0)\($0 == 9 ? " [sim:fail]" : "")" }
                let sheet = try folder.write("boats.csv", (["prompt"] + rows).joined(separator: "\n"))
                #expect(
                    try await stage.customer(account, ["submit", sheet, "--model", "sora-2", "--wait"]).status == 3)
                let exported = try await stage.customer(account, ["ledger", "export", "--output", file])
                #expect(exported.status == 0 && !FileManager.default.fileExists(atPath: file + ".part"))
                let csv = try await stage.customer(account, ["ledger", "export", "--format", "csv"])
                #expect(csv.status == 0 && csv.stdout.hasPrefix("seq,transaction_id,kind,"))
                let months = try await stage.customer(account, ["statement"])
                let month = String(months.stdout.prefix(7))
                let table = try await stage.customer(account, ["statement", month])
                #expect(table.stdout.contains("charged for sora-2") && table.stdout.contains("-$4.41"))
                let json = try await stage.customer(account, ["statement", month, "--json"])
                _ = try folder.write("statement.json", json.stdout)
                try await Self.expectPDF(stage, account, month, folder)
            }
            try await Self.expectVerdicts(file, folder)
        }

        private static func expectPDF(
            _ stage: Stage, _ account: Stage.Account, _ month: String, _ folder: TemporaryFolder
        ) async throws {
            let pdf = folder.path + "/statement.pdf"
            let printed = try await stage.customer(account, ["statement", month, "--pdf", pdf, "--lang", "zh"])
            #expect(printed.status == 0, "\(printed.stderr)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: pdf)).prefix(5) == Data("%PDF-".utf8))
        }

        /// Without a server.
        private static func expectVerdicts(_ file: String, _ folder: TemporaryFolder) async throws {
            let statement = folder.path + "/statement.json"
            let whole = try await RushesBinary.run(["ledger", "verify", file, "--statement", statement])
            #expect(
                whole.status == 0 && whole.stdout.contains("the statement is what the ledger says"), "\(whole.stderr)")
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
            var changed = lines
            changed[2] = lines[2].replacingOccurrences(
                of: "\"amount_micros\":-4900000", with: "\"amount_micros\":-4800000")
            #expect(changed != lines)
            let cases: [(String, [String], Int32, String)] = [
                ("edited", changed, 1, "broken at 2"),
                ("cut", Array(lines.dropLast()), 1, "broken at \(lines.count - 1)"),
                ("none", ["{}"], 6, "no ledger export"),
            ]
            for (name, text, status, words) in cases {
                let path = try folder.write(name + ".jsonl", text.joined(separator: "\n") + "\n")
                let outcome = try await RushesBinary.run(["ledger", "verify", path])
                #expect(outcome.status == status && outcome.stderr.contains(words), "\(name): \(outcome.stderr)")
            }
        }
    }
}
