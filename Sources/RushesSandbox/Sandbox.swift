import Foundation
import Hummingbird
import Logging
import Synchronization

/// Everything that the routes work with, opened from the data directory.
struct Sandbox: Sendable {
    let configuration: SandboxConfiguration
    let clock: SandboxClock
    let store: JobStore
    let journal: JobJournal
    let renderer: ClipRenderer
    let faults = FaultPlan()
    /// The service account and its tokens; nil when Vertex is not played.
    let tokens: AccessTokenBook?
    let publicURL = PublicURL()
    let logger: Logger

    /// Creates the data directory, replays its journal, and looks for ffmpeg.
    init(configuration: SandboxConfiguration, clock: SandboxClock, logger: Logger) throws {
        let clips = configuration.dataDirectory + "/clips"
        try FileManager.default.createDirectory(atPath: clips, withIntermediateDirectories: true)
        let file = try JournalFile(path: configuration.dataDirectory + "/jobs.jsonl")
        try Self.removeUnfinished(in: clips)
        let store = JobStore()
        for entry in try file.load(logger: logger) { store.apply(entry, isReplay: true) }
        let ffmpeg = FFmpeg(configuredPath: configuration.ffmpegPath)
        Self.log(ffmpeg, logger)
        let renderer = ClipRenderer(directory: clips, maker: ffmpeg ?? BundledClips(), logger: logger)
        for record in store.unfinished(at: clock.now()) { record.clip.map(renderer.prepare) }
        tokens =
            configuration.hasServiceAccount ? try AccessTokenBook(directory: configuration.dataDirectory) : nil
        self.configuration = configuration
        self.clock = clock
        self.store = store
        self.renderer = renderer
        self.logger = logger
        journal = JobJournal(file: file, logger: logger) { entry in
            if let clip = store.apply(entry)?.clip { renderer.prepare(clip) }
        } lastEntry: {
            store.trafficEntry()
        }
    }

    /// What renders left behind that a crash interrupted.
    private static func removeUnfinished(in clips: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: clips)
        where name.hasPrefix(FFmpeg.unfinishedPrefix) {
            try FileManager.default.removeItem(atPath: clips + "/" + name)
        }
    }

    private static func log(_ ffmpeg: FFmpeg?, _ logger: Logger) {
        guard let ffmpeg else {
            logger.warning("No ffmpeg was found: every video is one of the small clips that come with the program")
            return
        }
        if ffmpeg.fontPath == nil { logger.warning("No font was found: clips carry no text") }
    }

    /// Counts one read of that kind.
    func count(_ read: SandboxTraffic.Read) {
        if let entry = store.count(read, at: clock.now()) { journal.note(entry) }
    }

    /// The port is known: addresses can be told.
    func listens(on port: Int) {
        publicURL.set(configuration.publicURL ?? "http://\(configuration.host):\(port)")
        do {
            try tokens?.publish(baseURL: publicURL.value)
        } catch {
            logger.error("The service account's key could not be written", metadata: ["error": "\(error)"])
        }
    }

    /// The routes with their middleware.
    func router() -> Router<SandboxContext> {
        let router = Router(context: SandboxContext.self)
        router.add(middleware: AnswerShape())
        router.get("_sandbox/counters") { request, _ in
            let isSummary = request.uri.queryParameters["summary"] == "true"
            return try Response.json(
                store.countersAnswer(at: clock.now(), faults: faults.metByKind, isSummary: isSummary))
        }
        FaultRoutes(sandbox: self).add(
            to: router.group("_sandbox").add(middleware: KeyCheck(apiKey: configuration.apiKey)))
        let counted = {
            router.group("").add(middleware: RefusalCount(journal: journal)).add(middleware: FaultPlayer(sandbox: self))
        }
        let openAI = counted().group("v1").add(middleware: KeyCheck(apiKey: configuration.apiKey))
        ModelRoutes().add(to: openAI)
        VideoRoutes(sandbox: self).add(to: openAI)
        VeoRoutes(sandbox: self).addGemini(to: counted().add(middleware: GoogleKeyCheck(apiKey: configuration.apiKey)))
        let vertex = counted().add(middleware: TokenCheck(sandbox: self))
        VeoRoutes(sandbox: self).addVertex(to: vertex)
        StorageRoutes(sandbox: self).add(to: vertex)
        TokenRoutes(sandbox: self).add(to: counted())
        return router
    }
}

/// The address under which clients reach the sandbox, once it listens.
final class PublicURL: Sendable {
    private let text = Mutex("http://127.0.0.1")

    func set(_ value: String) { text.withLock { $0 = value } }
    var value: String { text.withLock { $0 } }
}
