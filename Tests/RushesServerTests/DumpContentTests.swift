import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesSimulation
import RushesStore
import RushesTesting
import RushesWire
import Testing

@testable import RushesServer

/// A copy is good when everything in it holds and nothing is missing that was there before.
@Suite struct DumpContentTests {
    @Test("a copy that lacks a posting, and one with another history, are found")
    func lost() async throws {
        try await TestDatabase.memory.with { database in
            try await fill(database, purchases: 2)
            let before = try await DumpContent.heads(of: database)
            #expect(before.map(\.sequence) == [2])
            #expect(try await DumpContent.lost(before, in: database).isEmpty)
            for (count, words) in [(1, "the copy lacks it"), (2, "the copy has another one")] {
                try await TestDatabase.memory.with { copy in
                    try await fill(copy, purchases: count, micros: 2_000_000)
                    let problems = try await DumpContent.lost(before, in: copy)
                    #expect(problems.count == 1 && problems.allSatisfy { $0.hasSuffix(words) }, "\(problems)")
                }
            }
        }
    }

    @Test("rows, ledgers and schema are compared with the manifest, and every invariant is looked at")
    func differences() async throws {
        try await TestDatabase.memory.with { database in
            try await fill(database, purchases: 1)
            let content = try await DumpContent.read(database)
            #expect(content.violations.isEmpty && content.counts["organization"] == 1)
            var manifest = BackupBody(
                ok: true, database: "sqlite", path: "", bytes: 0, sha256: "", createdAt: "", verifiedAt: nil,
                schemaVersion: content.schemaVersion, counts: content.counts,
                chainHeads: content.heads.map(ChainHeadBody.init), checked: [], problems: [])
            #expect(content.differences(from: manifest).isEmpty)
            manifest.counts["task"] = 7
            manifest.chainHeads?[0].seq = 3
            manifest.schemaVersion += 1
            let problems = content.differences(from: manifest)
            #expect(problems.count == 3 && problems.contains("task: 0 rows, the manifest says 7"))
            // A wallet that does not add up is found by the sweep of the copy.
            try await database.write { transaction in
                try transaction.execute("UPDATE wallet SET available_micros = available_micros + 1", [])
            }
            let broken = try await DumpContent.read(database)
            #expect(broken.problems.contains { $0.hasPrefix("wallet.is_its_lots: ") }, "\(broken.problems)")
        }
    }

    /// An organization with so many purchases of an amount; equal calls make equal ledgers.
    private func fill(_ database: any Database, purchases: Int, micros: Int64 = 1_000_000) async throws {
        _ = try await Migrator(Schema.migrations).migrate(database)
        let ids = CountingIDs()
        var logger = Logger(label: "dump-tests")
        logger.logLevel = .critical
        let operators = OperatorService(
            Engine(
                database: database, blobs: MemoryBlobStore(), providers: ProviderDirectory([:]),
                environment: Environment(
                    now: { Timestamp(milliseconds: 1_795_000_000_000) }, sleep: { _ in }, ids: ids, random: NoChance()),
                logger: logger))
        _ = try await operators.apply(.builtIn(sandboxed: true))
        let organization = try await operators.createOrganization(named: "Test").organization
        for number in 0..<purchases {
            _ = try await operators.confirmPurchase(
                .topup(Credits(micros: micros)), for: organization, reference: "pay-\(number)")
        }
    }
}

private struct NoChance: RandomSource {
    func next() -> UInt64 { 7 }
}
