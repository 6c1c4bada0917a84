import Foundation
import RushesWire
import Testing

extension EndToEnd {
    /// The commands of a customer, one after the other, as scripts use them.
    @Suite struct CommandTests {
        @Test("quote, submit, watch, show, download, wallet, ledger", .timeLimit(.minutes(2)))
        func customersDay() async throws {
            let folder = try TemporaryFolder()
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(package: "pack_2000")
                let rows = (0..<10).map { "clip-\($0),Paper boat no. \($0)\($0 == 9 ? " [sim:fail]" : "")" }
                let sheet = try folder.write("boats.csv", (["custom_id,prompt"] + rows).joined(separator: "\n"))
                let quote = try await stage.customer(account, ["quote", sheet, "--model", "sora-2"])
                #expect(quote.status == 0 && quote.stdout.contains("10 x $0.49 = $4.90"))
                let submitted = try await stage.customer(account, ["submit", sheet, "--model", "sora-2", "--wait"])
                #expect(submitted.status == 3 && submitted.stdout.contains("9 of 10 succeeded, charged $4.41"))
                let again = try await stage.customer(account, ["submit", sheet, "--model", "sora-2"])
                #expect(again.status == 0 && again.stderr.contains("nothing was charged again"))
                let batch = again.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
                try await Self.expectReports(stage, account, batch)
                try await Self.expectFiles(stage, account, batch, folder.path + "/videos")
            }
        }

        private static func expectReports(_ stage: Stage, _ account: Stage.Account, _ batch: String) async throws {
            let watched = try await stage.customer(account, ["watch", batch, "--json"])
            #expect(watched.status == 3)
            #expect(try WireJSON.decode(BatchBody.self, from: Array(watched.stdout.utf8)).id == batch)
            let shown = try await stage.customer(account, ["show", batch])
            #expect(shown.stdout.contains("provider_error") && shown.stdout.contains("+$0.49"))
            let wallet = try await stage.customer(account, ["wallet"])
            #expect(wallet.stdout.contains("granted $2,276.20 = available $2,271.79 + held $0.00 + charged $4.41"))
            let ledger = try await stage.customer(account, ["ledger", "--batch", batch])
            #expect(ledger.stdout.contains("consumed:sora-2"))
        }

        private static func expectFiles(
            _ stage: Stage, _ account: Stage.Account, _ batch: String, _ videos: String
        ) async throws {
            let fetched = try await stage.customer(account, ["download", batch, "--out", videos])
            #expect(fetched.status == 0 && fetched.stdout.split(separator: "\n").count == 9)
            // An interrupted download goes on, also after a beginning that is not the video's.
            let whole = try Data(contentsOf: URL(fileURLWithPath: videos + "/clip-0.mp4"))
            for (name, beginning) in [("clip-0", whole.prefix(whole.count / 2)), ("clip-1", Data("rubbish".utf8))] {
                try FileManager.default.removeItem(atPath: videos + "/\(name).mp4")
                try beginning.write(to: URL(fileURLWithPath: videos + "/\(name).mp4.part"))
            }
            let resumed = try await stage.customer(account, ["download", batch, "--out", videos])
            #expect(resumed.status == 0)
            #expect(try Data(contentsOf: URL(fileURLWithPath: videos + "/clip-0.mp4")) == whole)
            #expect(try FileManager.default.contentsOfDirectory(atPath: videos).count == 9)
        }

        @Test("a reader that goes ends a command quietly, as in `rushes wallet | head`", .timeLimit(.minutes(1)))
        func closedPipe() async throws {
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(package: "pack_2000")
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/bin/bash")
                let command = #""$0" wallet | true; exit ${PIPESTATUS[0]}"#
                process.arguments = ["-c", command, RushesBinary.url.path]
                process.environment = ["RUSHES_BASE_URL": stage.baseURL, "RUSHES_API_KEY": account.key]
                let errors = Pipe()
                process.standardError = errors
                try process.run()
                let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
                process.waitUntilExit()
                #expect(process.terminationStatus == 141)
                #expect(said == "")
            }
        }

        @Test("a bad sheet names row, column and reason, and creates nothing", .timeLimit(.minutes(1)))
        func badSheet() async throws {
            let folder = try TemporaryFolder()
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(package: "pack_2000")
                var rows = (0..<12).map { "Paper boat no. \($0),4" }
                rows[3] = "Paper boat,7"
                rows[8] = ",4"
                let sheet = try folder.write("bad.csv", (["prompt,seconds"] + rows).joined(separator: "\n"))
                let outcome = try await stage.customer(account, ["submit", sheet, "--model", "sora-2"])
                #expect(outcome.status == 6 && outcome.stdout.isEmpty)
                #expect(outcome.stderr.contains("row 5, column seconds: "))
                #expect(outcome.stderr.contains("row 10, column prompt: "))
                let listed = try await stage.customer(account, ["list", "--json"])
                #expect(try WireJSON.decode(ListBody<BatchBody>.self, from: Array(listed.stdout.utf8)).data.isEmpty)
                let stranger = Stage.Account(organization: "", key: "rsh_nobody")
                #expect(try await stage.customer(stranger, ["wallet"]).status == 4)
                #expect(try await stage.customer(account, ["show", "bat_01jd0000000000000000000000"]).status == 1)
            }
        }

        @Test("operators work on a data directory without a server", .timeLimit(.minutes(1)))
        func withoutServer() async throws {
            let folder = try TemporaryFolder()
            let place = ["--data-dir", folder.path + "/data", "--json"]
            let created = try await RushesBinary.run(["admin", "org", "create", "Studio"] + place)
            try #require(created.status == 0, "\(created.stderr)")
            let account = try WireJSON.decode(OrganizationCreated.self, from: Array(created.stdout.utf8))
            let purchase = [
                "admin", "purchase", account.organizationID, "--package", "pack_5000", "--reference", "PO-1",
            ]
            let first = try await RushesBinary.run(purchase + place)
            let second = try await RushesBinary.run(purchase + place)
            #expect(first.status == 0 && second.status == 0 && first.stdout == second.stdout)
            let shown = try await RushesBinary.run(["admin", "catalog", "show"] + place)
            let file = try folder.write("catalog.json", shown.stdout)
            let applied = try await RushesBinary.run(["admin", "catalog", "apply", file] + place)
            #expect(applied.status == 0 && applied.stdout.contains("\"version\":2"))
            let typo = shown.stdout.replacingOccurrences(of: "\"min_batch\"", with: "\"min_bach\"")
            let refused = try await RushesBinary.run(
                ["admin", "catalog", "apply", folder.write("typo.yaml", typo)] + place)
            #expect(refused.status == 6 && refused.stderr.contains("/models/0/min_bach: "))
            for command in ["check", "migrate"] {
                let outcome = try await RushesBinary.run([command] + place)
                #expect(outcome.status == 0, "\(command): \(outcome.stderr)")
            }
        }
    }
}

extension TemporaryFolder {
    /// Writes a file and gives its path.
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
        return path + "/" + name
    }
}
