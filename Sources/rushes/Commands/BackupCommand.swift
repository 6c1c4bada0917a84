import ArgumentParser
import Foundation
import RushesClient
import RushesWire

/// `rushes backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Dump the database, and prove by restoring that the dump is good.",
        discussion: """
            Works while servers run. On SQLite the running server does it (or this command, without one); on PostgreSQL
            pg_dump, whose version must not be older than the server's. The dump is then restored (SQLite: into a folder
            beside it; PostgreSQL: into a scratch database, for which the role needs CREATEDB, or --verify-url), every
            invariant is checked there, and no ledger may be shorter than before. Only then it gets its name. Beside it
            stands FILE.json with hash, counts and the head of each ledger. The times for it are yours to choose.
            Videos are files and are not part of it: copy the blob folder after the dump.
            Exits 0 only when the dump is good.
            """)

    @Argument(help: "The dump's file, or a folder in which one named after the time is made.")
    var target: String

    @OptionGroup var scratch: ScratchOptions
    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let request = BackupRequest(path: path, verifyURL: scratch.address)
        let body = try await installation.withClient { try await $0.backUp(request) }
        try body.report(asJSON: installation.json, verb: "backed up and restored")
    }

    /// Absolute: the server has a working directory of its own.
    private var path: String {
        let url = URL(fileURLWithPath: target).standardizedFileURL
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        guard exists ? isFolder.boolValue : target.hasSuffix("/") else { return url.path }
        let time = Date().formatted(.iso8601).replacing("-", with: "").replacing(":", with: "")
        return url.appendingPathComponent("rushes-\(time).dump").path
    }
}

/// Where a dump of PostgreSQL is restored to be verified.
struct ScratchOptions: ParsableArguments {
    @Option(
        name: .customLong("verify-url"),
        help: ArgumentHelp(
            "A PostgreSQL server for the scratch database (RUSHES_VERIFY_URL; default the database's own).",
            valueName: "postgres://..."))
    var verifyURL: String?

    /// Flag, then environment.
    var address: String? { verifyURL ?? ProcessInfo.processInfo.environment["RUSHES_VERIFY_URL"] }
}

extension BackupBody {
    /// Writes what was found, and ends with 1 when it is not good.
    func report(asJSON: Bool, verb: String) throws {
        if asJSON {
            try outputJSON(self)
        } else {
            problems.forEach(output)
            output("\(path)  \(bytes) bytes  sha256 \(sha256)")
            let rows = counts.values.reduce(0, +)
            output(
                ok
                    ? "ok: \(verb), \(rows) rows, \(counts["ledger_transaction"] ?? 0) ledger transactions, "
                        + "\(checked.count) invariants hold"
                    : "not good: \(problems.count) problems, see above")
        }
        if !ok { throw ExitCode(ExitStatus.error.rawValue) }
    }
}
