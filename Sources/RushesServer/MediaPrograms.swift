import Foundation
import Logging
import RushesEngine
import RushesMedia

/// ffprobe and ffmpeg of this machine, as the settings want them.
enum MediaPrograms {
    /// The programs in the `PATH` of a process that runs workers; none when they are switched off.
    static func tools(_ settings: ServerSettings, _ environment: RushesEngine.Environment) -> any MediaTools {
        guard settings.usesMedia, settings.role.works else { return NoMediaTools() }
        return FFmpegTools(
            path: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            workFolder: DataDirectory(settings.dataDirectory).mediaPath, environment: environment)
    }

    /// Makes the folder that they write to, and tells once at start what cannot be done here.
    static func prepare(_ settings: ServerSettings, _ engine: Engine) throws {
        guard let tools = engine.media as? FFmpegTools else {
            return engine.logger.notice(
                "media is off: videos are checked by their structure alone and get no images")
        }
        try FileManager.default.createDirectory(
            atPath: DataDirectory(settings.dataDirectory).mediaPath, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        if tools.ffprobePath == nil {
            engine.logger.notice("ffprobe is not installed: videos are checked by their structure alone")
        }
        if tools.ffmpegPath == nil {
            engine.logger.notice("ffmpeg is not installed: only images that providers make are kept")
        }
    }
}
