import Foundation
import RushesProcesses

/// ffprobe, when the machine has it: an outside opinion on a video.
struct VideoProbe {
    private let executable: URL

    /// The ffprobe of `PATH`; nil when there is none.
    static func find() throws -> VideoProbe? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return ProgramPath.find("ffprobe", in: path).map { VideoProbe(executable: URL(fileURLWithPath: $0)) }
    }

    private init(executable: URL) {
        self.executable = executable
    }

    /// Codec, pixels and length of a video, such as `h264, 1280x720, 4.000000 s`.
    ///
    /// - Throws: `Complaint` when ffprobe cannot read it.
    func summary(of path: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = executable
        process.arguments = [
            "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=codec_name,width,height:format=duration",
            "-of", "default=noprint_wrappers=1:nokey=1", path,
        ]
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n")
        guard process.terminationStatus == 0, lines.count >= 4 else {
            throw Complaint(message: "\(path): ffprobe does not accept it")
        }
        return "\(lines[0]), \(lines[1])x\(lines[2]), \(lines[3]) s (says ffprobe)"
    }
}
