import Foundation
import RushesCore
import RushesEngine
import RushesMedia
import RushesTesting
import Testing

/// With the real programs, which scripts/setup installs.
@Suite("ffprobe and ffmpeg")
struct MediaToolsTests {
    /// A clip of four seconds that comes with the sandbox.
    private static func clip() throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return [UInt8](
            try Data(contentsOf: root.appendingPathComponent("Sources/RushesSandbox/Resources/clip-1280x720-4s.mp4")))
    }

    /// Runs `work` with the programs of this machine, the path of the clip, and a folder for more.
    private func with(_ work: (FFmpegTools, _ clip: String, _ folder: String) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let workFolder = folder + "/work"
            try FileManager.default.createDirectory(atPath: workFolder, withIntermediateDirectories: false)
            let clip = folder + "/clip.mp4"
            try Data(Self.clip()).write(to: URL(fileURLWithPath: clip))
            let tools = FFmpegTools(
                path: "/usr/bin:/bin", workFolder: workFolder, environment: ProviderFixture.environment)
            try await work(tools, clip, folder)
            #expect(try FileManager.default.contentsOfDirectory(atPath: workFolder) == [])
        }
    }

    @Test("a clip has its length and its size")
    func facts() async throws {
        try await with { tools, clip, _ in
            let facts = try #require(try await tools.look(into: clip))
            #expect(facts == VideoFacts(durationMilliseconds: 4_000, width: 1_280, height: 720))
            #expect(facts.defect(askedSeconds: 4) == nil)
            #expect(
                facts.defect(askedSeconds: 8) == .duration(askedMilliseconds: 8_000, milliseconds: 4_000))
        }
    }

    @Test("what cannot be opened is unreadable, and a playlist is not followed")
    func unreadable() async throws {
        try await with { tools, clip, folder in
            let noise = folder + "/noise.mp4"
            let whole = try Self.clip()
            // Right in its outer structure only: what describes the pictures is overwritten.
            let broken = whole.prefix(40) + Array(repeating: 0, count: whole.count - 40)
            try Data(broken).write(to: URL(fileURLWithPath: noise))
            // ffprobe opens it and finds nothing in it.
            let facts = try #require(try await tools.look(into: noise))
            #expect(facts.defect(askedSeconds: 4) == .noPictures)
            let list = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:\(clip)\n#EXT-X-ENDLIST\n"
            try Data(list.utf8).write(to: URL(fileURLWithPath: noise))
            await #expect(throws: VideoDefect.self) { _ = try await tools.look(into: noise) }
            await #expect(throws: VideoDefect.self) { _ = try await tools.look(into: folder + "/nothing.mp4") }
        }
    }

    @Test("a poster and a sprite sheet are made", arguments: AssetImage.Kind.allCases)
    func images(kind: AssetImage.Kind) async throws {
        try await with { tools, clip, folder in
            let image = try #require(try await tools.makeImage(kind, of: clip, seconds: 4))
            #expect(ImageFormat(image) == .jpeg)
            await #expect(throws: MediaError.self) {
                _ = try await tools.makeImage(kind, of: folder + "/nothing.mp4", seconds: 4)
            }
        }
    }

    @Test("a program that does not end is ended, and nothing is known")
    func hanging() async throws {
        try await TemporaryFolder.with { folder in
            let script = folder + "/hangs"
            try Data("#!/bin/sh\nexec sleep 600\n".utf8).write(to: URL(fileURLWithPath: script))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
            let real = ProviderFixture.environment
            let hurried = RushesEngine.Environment(
                now: real.now, sleep: { try await Task.sleep(for: .milliseconds($0 / 50)) }, ids: real.ids,
                random: real.random)
            let tools = FFmpegTools(ffprobePath: script, ffmpegPath: script, workFolder: folder, environment: hurried)
            await #expect(throws: MediaError.self) { _ = try await tools.look(into: script) }
            await #expect(throws: MediaError.self) {
                _ = try await tools.makeImage(.poster, of: script, seconds: 4)
            }
        }
    }

    @Test("without the programs nothing is looked at and nothing made")
    func missing() async throws {
        try await TemporaryFolder.with { folder in
            let tools = FFmpegTools(path: folder, workFolder: folder, environment: ProviderFixture.environment)
            #expect(tools.ffprobePath == nil && tools.ffmpegPath == nil)
            let facts = try await tools.look(into: "/nothing")
            let image = try await tools.makeImage(.poster, of: "/nothing", seconds: 4)
            #expect(facts == nil && image == nil)
        }
    }
}
