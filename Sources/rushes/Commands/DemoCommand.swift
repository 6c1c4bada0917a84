import ArgumentParser
import Logging
import RushesClient
import RushesServer
import ServiceLifecycle

/// `rushes demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "The newcomer's first minute: prompts become videos, failures become refunds.",
        discussion:
            "Needs no account and no key, and talks to nothing outside this machine. Removing the folder undoes all.")

    @Option(name: .customLong("data-dir"), help: "The demo's own folder.", completion: .directory)
    var dataDirectory = "rushes-data/demo"

    @Option(help: "Host and port; port 0 takes any free one.")
    var listen = "127.0.0.1:0"

    @Flag(help: "Leave the server running at the end, until Ctrl-C.")
    var keep = false

    func run() async throws {
        // An empty address wins over the environment's: the demo keeps to its own folder.
        let settings = try ServerSettings.load(
            flags: [
                "listen": listen, "dataDir": dataDirectory, "databaseUrl": "", "role": "all",
                "blobDir": dataDirectory + "/blobs", "sandboxSpeed": "\(DemoSheet.speed)",
            ])
        let (logger, metrics) = ServerTelemetry.bootstrap(level: .error)
        let installation = try await Installation.open(settings, logger: logger)
        let server = Server(settings: settings, installation: installation, metrics: metrics, logger: logger) { port in
            try await tell(baseURL: "http://\(settings.host):\(port)", settings)
        }
        try await server.run()
    }

    private func tell(baseURL: String, _ settings: ServerSettings) async throws {
        output("server        \(baseURL), with a sandbox as provider; folder \(dataDirectory)")
        try await OperatorConnection(settings: settings).withClient { admin in
            try await DemoStory(baseURL: baseURL, operators: admin, directory: dataDirectory).play()
        }
        guard keep else { return }
        note("the server runs until Ctrl-C")
        // Its only error is cancellation, which ends the wait as well.
        try? await gracefulShutdown()
    }
}
