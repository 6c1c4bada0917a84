import Foundation
package import RushesCore
package import RushesEngine
import RushesProcesses

/// ffprobe and ffmpeg, each where the machine has it.
///
/// They open files that a provider has chosen, so they read nothing but that file, as an MP4 and nothing else: a
/// playlist in its place could have them fetch addresses of our own network.
package struct FFmpegTools: MediaTools {
    /// The ffprobe that is run; nil when there is none.
    package let ffprobePath: String?
    /// The ffmpeg that is run; nil when there is none.
    package let ffmpegPath: String?
    private let runner: ProgramRunner

    /// The programs found in the folders of a `PATH`.
    ///
    /// - Parameters:
    ///   - path: folders, joined by colons.
    ///   - workFolder: an existing folder for what the programs write; it is emptied behind each run.
    package init(path: String, workFolder: String, environment: RushesEngine.Environment) {
        self.init(
            ffprobePath: ProgramPath.find("ffprobe", in: path), ffmpegPath: ProgramPath.find("ffmpeg", in: path),
            workFolder: workFolder, environment: environment)
    }

    /// Programs by their paths.
    package init(
        ffprobePath: String?, ffmpegPath: String?, workFolder: String, environment: RushesEngine.Environment
    ) {
        self.ffprobePath = ffprobePath
        self.ffmpegPath = ffmpegPath
        runner = ProgramRunner(folder: workFolder, environment: environment)
    }

    package func look(into path: String) async throws -> VideoFacts? {
        guard let ffprobePath else { return nil }
        let arguments =
            ["-v", "quiet"] + Self.reading(path) + ["-select_streams", "v:0"]
            + ["-show_entries", "format=duration:stream=width,height", "-of", "flat=s=_"]
        let result = try await runner.run(
            ffprobePath, withinMilliseconds: Limits.videoLookMilliseconds, output: .written
        ) { _ in arguments }
        guard result.status == 0 else { throw VideoDefect.unreadable("ffprobe ended with \(result.status)") }
        return Self.facts(in: String(decoding: result.output, as: UTF8.self))
    }

    package func makeImage(_ kind: AssetImage.Kind, of path: String, seconds: Int) async throws -> [UInt8]? {
        guard let ffmpegPath else { return nil }
        let arguments =
            ["-nostdin", "-hide_banner", "-v", "quiet", "-threads", "1"] + Self.reading(path)
            + ["-an", "-sn", "-dn", "-vf", Self.filter(kind, seconds), "-frames:v", "1", "-threads", "1"]
            + ["-c:v", "mjpeg", "-q:v", "4", "-fs", "\(Limits.imageBytesMax)", "-f", "image2", "-update", "1"]
        let result = try await runner.run(
            ffmpegPath, withinMilliseconds: Limits.imageMakingMilliseconds,
            output: .file(bytesMax: Limits.imageBytesMax)
        ) { output in arguments + [output] }
        guard result.status == 0 else { throw MediaError("ffmpeg ended with \(result.status)") }
        guard !result.output.isEmpty else { throw MediaError("ffmpeg made an empty image") }
        return result.output
    }
}

extension FFmpegTools {
    /// Pictures side by side in a sprite sheet: ten, in two rows.
    private static let tiles = (columns: 5, rows: 2)
    private static let tileWidth = 256
    private static let posterWidthMax = 1_280

    private static func reading(_ path: String) -> [String] {
        ["-protocol_whitelist", "file", "-f", "mov", "-i", "file:" + path]
    }

    private static func filter(_ kind: AssetImage.Kind, _ seconds: Int) -> String {
        switch kind {
        case .poster: return "scale=w='min(iw,\(posterWidthMax))':h=-2"
        case .spritesheet:
            let count = tiles.columns * tiles.rows
            return "fps=\(count)/\(max(seconds, 1)),scale=\(tileWidth):-2,tile=\(tiles.columns)x\(tiles.rows)"
        }
    }

    /// Reads lines such as `streams_stream_0_width=1280` and `format_duration="8.000000"`; what is missing is zero.
    static func facts(in text: String) -> VideoFacts {
        var values: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            let sides = line.split(separator: "=", maxSplits: 1)
            if sides.count == 2 { values[sides[0]] = sides[1].trimmingCharacters(in: ["\""]) }
        }
        func pixels(_ name: Substring) -> Int { values[name].flatMap { Int($0) } ?? 0 }
        let seconds = values["format_duration"].flatMap { Double($0) } ?? 0
        return VideoFacts(
            durationMilliseconds: Int64(exactly: (seconds * 1_000).rounded()) ?? 0,
            width: pixels("streams_stream_0_width"), height: pixels("streams_stream_0_height"))
    }
}
