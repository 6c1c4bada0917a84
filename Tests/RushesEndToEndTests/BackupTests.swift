import Foundation
import RushesClient
import RushesWire
import Testing

extension EndToEnd {
    /// Dumps of a database that is worked on, restored and found sound; damaged ones are refused.
    @Suite struct BackupTests {
        private static let sheet = Sheet(parts: [
            .init(marker: "[sim:slow=2]", count: 30, failure: nil),
            .init(marker: "[sim:fail]", count: 10, failure: "provider_error"),
        ])

        @Test("backups of a running server restore into an empty folder", .timeLimit(.minutes(3)))
        func underLoad() async throws {
            let folder = try TemporaryFolder()
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(package: "pack_2000")
                let created = try await stage.withClient(key: account.key) {
                    try await $0.submit(Self.sheet.file(requestID: "backup")).batch
                }
                var dumps: [BackupBody] = []
                for number in 0..<3 {
                    try await Task.sleep(for: .milliseconds(400))
                    dumps.append(try await stage.admin(["backup", folder.path + "/\(number).dump"]))
                }
                #expect(dumps.allSatisfy { $0.ok && $0.counts["task"] == 40 && $0.problems.isEmpty })
                #expect(Set(dumps.map(\.sha256)).count > 1, "work went on between the dumps")
                let metrics = try await stage.text(of: "/metrics")
                #expect(metrics.contains("rushes_backup_last_verified_timestamp_seconds 1"))
                let again = try await stage.run(["backup", folder.path + "/0.dump"])
                #expect(again.status == 1 && again.stderr.contains("exists already"))
                _ = try await stage.ended(created.id, account, within: 60)
                for number in 0..<3 { try await Self.expectRestored(folder, number, stage.blobDirectory) }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 9)
            }
        }

        private static func expectRestored(_ folder: TemporaryFolder, _ number: Int, _ blobs: String) async throws {
            let place = ["--data-dir", folder.path + "/restored-\(number)"]
            let dump = folder.path + "/\(number).dump"
            let restored = try await RushesBinary.run(["restore", dump] + place)
            #expect(restored.status == 0 && restored.stdout.contains("invariants hold"), "\(restored.stderr)")
            // The videos are not in the dump: they stay where they are.
            let check = try await RushesBinary.run(["check", "--blob-dir", blobs] + place)
            #expect(check.status == 0, "\(check.stdout)")
            let second = try await RushesBinary.run(["restore", dump] + place)
            #expect(second.status == 1 && second.stderr.contains("has a database already"))
        }

        @Test("a damaged dump, a foreign manifest and a missing one are refused", .timeLimit(.minutes(1)))
        func damaged() async throws {
            let folder = try TemporaryFolder()
            let (data, dump) = (folder.path + "/data", folder.path + "/good.dump")
            let made = try await RushesBinary.run(["admin", "org", "create", "Studio", "--data-dir", data])
            #expect(made.status == 0)
            let backedUp = try await RushesBinary.run(["backup", dump, "--data-dir", data])
            try #require(backedUp.status == 0, "\(backedUp.stderr)")
            let good = try Data(contentsOf: URL(fileURLWithPath: dump))
            let manifest = try String(contentsOfFile: dump + ".json", encoding: .utf8)
            let rights = try FileManager.default.attributesOfItem(atPath: dump)
            #expect(rights[.posixPermissions] as? Int == 0o600)

            var bytes = good
            bytes[good.count / 2] ^= 1
            try await Self.expectRefused(folder, bytes, manifest, "is damaged")
            try await Self.expectRefused(folder, good.dropLast(), manifest, "is damaged")
            let other = manifest.replacing("\"organization\":1", with: "\"organization\":2")
            try await Self.expectRefused(folder, good, other, "organization: 1 rows, the manifest says 2")
            try await Self.expectRefused(folder, good, nil, "is missing")
        }

        private static func expectRefused(
            _ folder: TemporaryFolder, _ bytes: Data, _ manifest: String?, _ words: String
        ) async throws {
            let dump = folder.path + "/tried.dump"
            try? FileManager.default.removeItem(atPath: dump + ".json")
            try bytes.write(to: URL(fileURLWithPath: dump))
            if let manifest { try Data(manifest.utf8).write(to: URL(fileURLWithPath: dump + ".json")) }
            let target = ["--data-dir", folder.path + "/target"]
            for arguments in [["restore", "--verify", dump], ["restore", dump] + target] {
                let outcome = try await RushesBinary.run(arguments)
                #expect(outcome.status == 1 && (outcome.stdout + outcome.stderr).contains(words), "\(arguments)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/target/rushes.sqlite"))
            #expect(!FileManager.default.fileExists(atPath: dump + ".verify"))
        }

        @Test(
            "the same on PostgreSQL, beside its nodes", .enabled(if: Cluster.serverURL != nil), .timeLimit(.minutes(3)))
        func postgres() async throws {
            try await Cluster.with { cluster in
                let node = try await cluster.start("node", role: "all")
                let account: OrganizationCreated = try await cluster.admin(["admin", "org", "create", "Test"])
                let _: PurchaseBody = try await cluster.admin([
                    "admin", "purchase", account.organizationID, "--package", "pack_2000", "--reference", "PO-1",
                ])
                _ = try await cluster.withClient(of: node, key: account.apiKey) {
                    try await $0.submit(Self.sheet.file(requestID: "backup"))
                }
                try await Task.sleep(for: .milliseconds(1_000))
                let dump = cluster.folder.path + "/pg.dump"
                let body: BackupBody = try await cluster.admin(["backup", dump])
                #expect(body.ok && body.database == "postgres" && body.counts["task"] == 40)
                #expect(try await cluster.command(["restore", "--verify", dump]).status == 0)
                let full = try await cluster.command(["restore", dump])
                #expect(full.status == 1 && full.stderr.contains("has tables already"), "\(full.stderr)")
                try await Cluster.with { empty in
                    let restored = try await empty.command(["restore", dump])
                    #expect(restored.status == 0, "\(restored.stdout)\(restored.stderr)")
                    #expect(try await empty.command(["check"]).status == 0)
                }
                var bytes = try Data(contentsOf: URL(fileURLWithPath: dump))
                bytes[bytes.count / 2] ^= 1
                try bytes.write(to: URL(fileURLWithPath: dump))
                let damaged = try await cluster.command(["restore", "--verify", dump])
                #expect(damaged.status == 1 && damaged.stderr.contains("is damaged"))
            }
        }
    }
}
