import Foundation
import RushesProcesses

/// The ffmpeg of this machine, and how it is asked for clips. A prompt reaches it only inside a file.
struct FFmpeg: ClipMaker {
    let executablePath: String
    /// Nil when no font was found: then clips carry no text.
    let fontPath: String?

    /// The configured ffmpeg, or the first one in `PATH` and the usual folders; nil when there is none.
    init?(configuredPath: String?) {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let path = configuredPath ?? ProgramPath.find("ffmpeg", in: folders + ":" + Self.usualFolders)
        guard let path, FileManager.default.isExecutableFile(atPath: path) else { return nil }
        executablePath = path
        fontPath = Self.fontPaths.first(where: FileManager.default.isReadableFile(atPath:))
    }

    private static let usualFolders = "/usr/bin:/usr/local/bin:/opt/homebrew/bin"

    /// What the names of files start with that are not clips yet.
    static let unfinishedPrefix = "unfinished-"

    /// Fixed paths, so that none of them needs quoting in a filter graph.
    private static let fontPaths = [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
    ]

    /// Renders one file into the folder; the name appears only when the file is complete.
    @concurrent func render(_ order: ClipRenderer.Order, in directory: String) async throws {
        // A name of its own each time: after a crash the ffmpeg of before may still be writing.
        let work = FFmpeg.unfinishedPrefix + RandomHex.digits(16)
        let unfinished = work + "." + order.rendition.fileExtension
        let textFile = work + ".txt"
        let path = { directory + "/" + $0 }
        defer {
            // Only the rename below may have left nothing to remove.
            try? FileManager.default.removeItem(atPath: path(unfinished))
            try? FileManager.default.removeItem(atPath: path(textFile))
        }
        let text = CaptionLayout(prompt: order.clip.prompt, size: order.clip.size)
        try Data(text.wrapped.utf8).write(to: URL(fileURLWithPath: path(textFile)))
        let arguments = arguments(order, output: unfinished, textFile: textFile, caption: text)
        try await ChildProcess.run(executablePath, arguments, in: directory)
        try FileManager.default.moveItem(atPath: path(unfinished), toPath: path(order.fileName))
    }
}

extension FFmpeg {
    /// All names are relative to the folder and made of safe characters: a filter graph needs no quoting.
    private func arguments(
        _ order: ClipRenderer.Order, output: String, textFile: String, caption: CaptionLayout
    ) -> [String] {
        let quiet = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
        let video = order.clip.name + ".mp4"
        switch order.rendition {
        case .video:
            let filters = ["scale=\(order.clip.size.width):\(order.clip.size.height):flags=bilinear", "setsar=1"]
            return quiet + ["-f", "lavfi", "-i", background(order.clip)]
                + ["-vf", (filters + drawing(textFile, caption)).joined(separator: ",")]
                + ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-pix_fmt", "yuv420p", "-threads", "1"]
                + ["-movflags", "+faststart", "-f", "mp4", output]
        case .thumbnail:
            return quiet + ["-i", video, "-frames:v", "1", "-c:v", "libwebp", "-f", "webp", output]
        case .spritesheet:
            let tiles = "fps=1,scale=iw/4:ih/4,tile=\(order.clip.seconds)x1"
            return quiet + ["-i", video, "-vf", tiles, "-frames:v", "1", "-c:v", "mjpeg", "-f", "image2", output]
        }
    }

    /// A moving gradient in the prompt's own colours, drawn small because scaling up is far cheaper.
    private func background(_ clip: Clip) -> String {
        var generator = SplitMix64(seed: Fingerprint.number(clip.prompt))
        let colours = (0..<3).map { index in
            let digits = String(UInt32.random(in: 0...0xFF_FFFF, using: &generator) & 0x9F_9F9F, radix: 16)
            return "c\(index)=0x" + String(repeating: "0", count: 6 - digits.count) + digits
        }
        let seed = UInt32.random(in: 0...UInt32(Int32.max), using: &generator)
        let size = "\(clip.size.width / 8)x\(clip.size.height / 8)"
        return "gradients=s=\(size):r=12:d=\(clip.seconds):nb_colors=3:speed=0.03:seed=\(seed):"
            + colours.joined(separator: ":")
    }

    private func drawing(_ textFile: String, _ caption: CaptionLayout) -> [String] {
        guard let fontPath, !caption.wrapped.isEmpty else { return [] }
        let options = [
            "textfile=\(textFile)", "expansion=none", "fontfile=\(fontPath)", "fontcolor=white",
            "fontsize=\(caption.fontSize)", "line_spacing=\(caption.fontSize / 4)", "x=(w-text_w)/2",
            "y=(h-text_h)/2", "box=1", "boxcolor=black@0.45", "boxborderw=\(caption.fontSize / 2)",
        ]
        return ["drawtext=" + options.joined(separator: ":")]
    }
}
