import ArgumentParser
import Foundation
import RushesServer
import RushesWire

/// `rushes restore`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a dump into an empty installation, or prove that it could be.",
        discussion: """
            The dump must be byte for byte what FILE.json says. It is restored into an empty data directory, or with
            --database-url into an empty database, and every invariant is checked there. With --verify it goes into a
            scratch copy instead, which is removed again; nothing else is touched. After a restore on PostgreSQL give
            the servers' role its rights again: rushes migrate --application-role NAME.
            Exits 0 only when everything holds.
            """)

    @Argument(help: "The dump.", completion: .file())
    var file: String

    @Flag(help: "Only prove that it could be restored.")
    var verify = false

    @OptionGroup var scratch: ScratchOptions
    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let restore = Restore(
            URL(fileURLWithPath: file).standardizedFileURL.path, settings: try installation.settings(),
            verifyURL: scratch.address)
        let body = try await verify ? restore.verify() : restore.restore()
        try body.report(asJSON: installation.json, verb: verify ? "could be restored" : "restored")
    }
}
