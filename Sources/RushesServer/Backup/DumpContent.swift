import RushesCore
import RushesDatabase
import RushesStore
import RushesWire

/// What a restored copy holds, and whether it holds together.
struct DumpContent: Sendable, Equatable {
    var schemaVersion = 0
    var counts: [String: Int64] = [:]
    var heads: [ChainHead] = []
    var violations: [InvariantViolation] = []

    /// Reads a copy that nobody else works on. One of an older schema is brought to the newest, as a server would do
    /// when it starts, before its invariants are checked.
    ///
    /// - Throws: `DatabaseError`, `SchemaTooNew`.
    static func read(_ database: any Database) async throws -> DumpContent {
        var content = DumpContent()
        (content.schemaVersion, content.counts) = try await database.read { reader in
            (try reader.appliedMigrations().keys.max() ?? 0, try reader.rowCounts())
        }
        content.heads = try await heads(of: database)
        _ = try await Migrator(Schema.migrations).migrate(database)
        content.violations = try await InvariantSweep(database).run().violations
        return content
    }

    /// Where the ledgers of a database stand, read a page at a time.
    ///
    /// - Throws: `DatabaseError`.
    static func heads(of database: any Database) async throws -> [ChainHead] {
        var heads: [ChainHead] = []
        while true {
            let last = heads.last?.organization.rawValue ?? ""
            let page = try await database.read { reader in
                try reader.chainHeads(after: last, limit: headsPerPage)
            }
            heads += page
            if page.count < headsPerPage { return heads }
        }
    }

    private static let headsPerPage = 500

    /// The ledgers that stood at these places before the dump was begun and are not in the copy as they were then.
    ///
    /// The sweep proves that each chain of the copy is unbroken; this proves that none is shorter or another one.
    /// - Throws: `DatabaseError`.
    static func lost(_ before: [ChainHead], in copy: any Database) async throws -> [String] {
        var problems: [String] = []
        for head in before where head.sequence > 0 {
            let hash = try await copy.read { reader in
                try reader.ledgerHash(of: head.organization, sequence: head.sequence)
            }
            if hash == head.hash { continue }
            problems.append(
                "the ledger of \(head.organization) had transaction \(head.sequence) before the dump was begun; "
                    + (hash == nil ? "the copy lacks it" : "the copy has another one"))
        }
        return problems
    }

    /// How it differs from what a manifest says.
    func differences(from manifest: BackupBody) -> [String] {
        var problems: [String] = []
        if schemaVersion != manifest.schemaVersion {
            problems.append("schema \(schemaVersion), the manifest says \(manifest.schemaVersion)")
        }
        for table in Set(counts.keys).union(manifest.counts.keys).sorted() where counts[table] != manifest.counts[table]
        {
            problems.append(
                "\(table): \(counts[table] ?? 0) rows, the manifest says \(manifest.counts[table] ?? 0)")
        }
        if let wanted = manifest.chainHeads, heads.map(ChainHeadBody.init) != wanted {
            problems.append("the ledgers stand elsewhere than the manifest says")
        }
        return problems
    }
}

extension ChainHeadBody {
    init(_ head: ChainHead) {
        self.init(organizationID: head.organization.rawValue, seq: Int64(head.sequence), hash: head.hash)
    }
}
