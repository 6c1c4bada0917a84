import Foundation
import RushesCore
import RushesEngine
import RushesMedia

/// Real clips, which come with the sandbox, and the real ffprobe that looks into them.
enum MatrixClips {
    private static let clips: [Int: [UInt8]] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/RushesSandbox/Resources")
        var clips: [Int: [UInt8]] = [:]
        for seconds in [4, 8] {
            // A clip that cannot be read is an empty one, which every case refuses.
            let file = try? Data(contentsOf: root.appendingPathComponent("clip-1280x720-\(seconds)s.mp4"))
            clips[seconds] = file.map { [UInt8]($0) } ?? []
        }
        return clips
    }()

    /// The clip of so many seconds.
    static func bytes(seconds: Int) -> [UInt8] { clips[seconds] ?? [] }

    /// The programs of this machine, in real time: only the task's own time is a virtual one.
    static func tools(_ folder: String, like environment: RushesEngine.Environment) -> FFmpegTools {
        FFmpegTools(
            path: "/usr/bin:/bin", workFolder: folder,
            environment: RushesEngine.Environment(
                now: environment.now, sleep: { try await Task.sleep(for: .milliseconds($0)) }, ids: environment.ids,
                random: environment.random))
    }
}

extension WireFault {
    /// True for faults that only a look into the video shows.
    var needsRealClips: Bool { self == .videoOfWrongLength }
}
