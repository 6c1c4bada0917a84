import Foundation
import Hummingbird
import Logging

/// Everything that the routes work with, opened from the data directory.
struct Sandbox: Sendable {
    let configuration: SandboxConfiguration
    let clock: SandboxClock
    let store: JobStore
    let journal: JobJournal
    let renderer: ClipRenderer
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
        let renderer = ClipRenderer(directory: clips, ffmpeg: ffmpeg, logger: logger)
        for record in store.unfinished(at: clock.now()) { record.clip.map(renderer.prepare) }
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
            logger.error("No ffmpeg was found: jobs run, but their content cannot be rendered and answers 500")
            return
        }
        if ffmpeg.fontPath == nil { logger.warning("No font was found: clips carry no text") }
    }

    /// Counts one read of that kind.
    func count(_ read: SandboxTraffic.Read) {
        if let entry = store.count(read, at: clock.now()) { journal.note(entry) }
    }

    /// The routes with their middleware.
    func router() -> Router<SandboxContext> {
        let router = Router(context: SandboxContext.self)
        router.add(middleware: AnswerShape())
        router.get("_sandbox/counters") { request, _ in
            let isSummary = request.uri.queryParameters["summary"] == "true"
            return try Response.json(store.countersAnswer(at: clock.now(), isSummary: isSummary))
        }
        let api = router.group("v1")
            .add(middleware: RefusalCount(journal: journal))
            .add(middleware: KeyCheck(apiKey: configuration.apiKey))
        ModelRoutes().add(to: api)
        VideoRoutes(sandbox: self).add(to: api)
        return router
    }
}
