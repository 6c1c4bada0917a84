import ArgumentParser
import Foundation
import RushesClient
import RushesWire

/// `rushes download`
struct DownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Fetch a batch's videos, checked by length and SHA-256.",
        discussion: """
            Files are named after custom_id. An interrupted download goes on where it stopped when the command is repeated;
            files that are there already are checked and kept. Writes the path of each file to stdout.
            """)

    @Argument(help: "The batch, bat_...")
    var batch: String

    @Option(help: "The folder (default: one named after the batch).", completion: .directory)
    var out: String?

    @Option(help: "Files at the same time.")
    var jobs = 4

    @Flag(help: "Replace files that have other content.")
    var force = false

    @OptionGroup var customer: CustomerOptions

    func validate() throws {
        guard (1...32).contains(jobs) else { throw ValidationError("--jobs is between 1 and 32.") }
    }

    func run() async throws {
        let folder = out ?? batch
        let videos = try await customer.withClient(attempts: 8) { client in
            try await VideoDownload(client: client, batch: batch, folder: folder, jobs: jobs, overwrites: force).run {
                video in
                if !customer.json { output(video.path) }
            }
        }
        if customer.json { try outputJSON(ListBody(data: videos, nextCursor: nil)) }
        note("\(videos.count) videos in \(folder)")
    }
}
