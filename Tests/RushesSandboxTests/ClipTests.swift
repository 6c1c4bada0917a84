import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import RushesSandbox

@Suite struct ClipTests {
    static let nastyPrompts = [
        "plain words that are long enough to be broken into more than one line of the picture, and then some",
        "%{localtime} 100% 'single' \"double\" back\\slash: comma, semi; [x]=y :text=z\nnew line\r\n🙂 日本語 \u{0}\u{7}",
        "\u{1}\u{2} \n ",
        "../../etc/passwd;rm -rf / $(id) `id` -i /etc/passwd",
        String(repeating: "w", count: 5000),
    ]

    // By index, because the prompts themselves would break the test log.
    @Test(arguments: nastyPrompts.indices)
    func aClipIsAPlayableMP4(index: Int) async throws {
        let prompt = Self.nastyPrompts[index]
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let id = try await client.job(prompt)
            fixture.advance(seconds: 600)
            let response = try await client.content(id)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "video/mp4")
            #expect(response.body.getString(at: 4, length: 4) == "ftyp")
            let probe = try Probe(response.body, in: fixture.directory)
            #expect(probe == Probe(codec: "h264", width: 720, height: 1280, seconds: 4))
        }
    }

    @Test func sizeAndSecondsAreAsAsked() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(.live) { client in
            let created = try await client.create(
                #"{"prompt":"wide","model":"veo-pro","seconds":"6","size":"1920x1080"}"#)
            let id = try #require(try JSONObject(created.body).string("id"))
            fixture.advance(seconds: 3000)
            let response = try await client.content(id)
            #expect(response.headers[.contentLength] == "\(response.body.readableBytes)")
            let probe = try Probe(response.body, in: fixture.directory)
            #expect(probe == Probe(codec: "h264", width: 1920, height: 1080, seconds: 6))
        }
    }

    @Test func contentWaitsForCompletionAndExpires() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run { client in
            let id = try await client.job("short life")
            let early = try await client.content(id)
            #expect(early.status == .notFound)
            #expect(try early.refusal().string("code") == "video_not_ready")
            fixture.advance(seconds: 600)
            let video = try await client.video(id)
            #expect(video.int("progress") == 100)
            #expect(video.int("expires_at") == video.int("completed_at").map { $0 + 3600 })
            #expect(try await client.content(id, variant: "hologram").status == .badRequest)
            let thumbnail = try await client.content(id, variant: "thumbnail")
            #expect(thumbnail.headers[.contentType] == "image/webp")
            #expect(thumbnail.body.getString(at: 8, length: 4) == "WEBP")
            let sheet = try await client.content(id, variant: "spritesheet")
            #expect(sheet.body.getBytes(at: 0, length: 2) == [0xFF, 0xD8])
            fixture.advance(seconds: 3600)
            let late = try await client.content(id)
            #expect(late.status == .notFound)
            #expect(try late.refusal().string("code") == "video_expired")
        }
    }

    @Test func withoutFFmpegContentIsAClipThatComesAlong() async throws {
        let fixture = try SandboxFixture()
        try await fixture.run(ffmpegPath: "/nowhere/ffmpeg") { client in
            let id = try await client.job("no renderer")
            fixture.advance(seconds: 600)
            #expect(try await client.video(id).string("status") == "completed")
            let response = try await client.content(id)
            #expect(response.status == .ok && response.headers[.contentType] == "video/mp4")
            #expect(response.body.getString(at: 4, length: 4) == "ftyp")
            let thumbnail = try await client.content(id, variant: "thumbnail")
            #expect(thumbnail.body.getString(at: 8, length: 4) == "WEBP")
            let sheet = try await client.content(id, variant: "spritesheet")
            #expect(sheet.body.getBytes(at: 0, length: 2) == [0xFF, 0xD8])
        }
    }

    @Test(arguments: [4, 6, 8, 12], ["1280x720", "720x1280"])
    func theClipsThatComeAlongHaveTheLengthAndShapeAskedFor(seconds: Int, size: String) async throws {
        let fixture = try SandboxFixture()
        let clip = Clip(prompt: "any", seconds: seconds, size: try #require(VideoSize(wireText: size)))
        let order = ClipRenderer.Order(clip: clip, rendition: .video)
        try await BundledClips().render(order, in: fixture.directory)
        let probed = try Self.probe(fixture.directory + "/" + order.fileName)
        #expect(probed == "\(size)/\(seconds).000000")
    }

    /// Size and length as ffprobe reads them.
    private static func probe(_ path: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height:format=duration",
            "-of", "csv=p=0", path,
        ]
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0.replacing(",", with: "x") }
        return lines.joined(separator: "/")
    }

    @Test func clipsSurviveARestartAndLeftoversDoNot() async throws {
        let fixture = try SandboxFixture()
        let clips = fixture.directory + "/clips"
        let kept = Mutex(ByteBuffer())
        try await fixture.run { client in
            let id = try await client.job("kept")
            fixture.advance(seconds: 600)
            let content = try await client.content(id)
            kept.withLock { $0 = content.body }
        }
        let rendered = try FileManager.default.contentsOfDirectory(atPath: clips)
        #expect(rendered.count == 1)
        try Data("half".utf8).write(to: URL(fileURLWithPath: clips + "/unfinished-0.mp4"))
        try await fixture.run(ffmpegPath: "/nowhere/ffmpeg") { client in
            let list = try JSONObject(try await client.send(.get, "/v1/videos").body)
            let id = try #require(list.objects("data").first?.string("id"))
            // No renderer now, so the bytes can only be those of before.
            let content = try await client.content(id)
            #expect(content.body == kept.withLock { $0 })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: clips) == rendered)
    }

    @Test func theShelfBoundsTheNumberOfClips() throws {
        var shelf = ClipShelf()
        func clip(_ number: Int) throws -> Clip { shelf.clip(for: try VideoJobTests.job("prompt \(number)")) }
        let clips = try (0..<1000).map(clip)
        #expect(Set(clips.map(\.name)).count == SandboxLimits.clipsPerFormatMax)
        #expect(clips[3].prompt == "prompt 3")
        #expect(try clip(3) == clips[3])
        #expect(try clip(999) == clips[999])
    }

    @Test func captionsFitThePicture() throws {
        let size = try #require(VideoSize(wireText: "1280x720"))
        let words = CaptionLayout(prompt: "one two\u{0}three\r\nfour", size: size)
        #expect(words.wrapped == "one two three\nfour")
        let long = CaptionLayout(prompt: String(repeating: "long words ", count: 3000), size: size)
        let lines = long.wrapped.split(separator: "\n")
        #expect(lines.count * long.fontSize * 5 / 4 <= 720)
        #expect(lines.allSatisfy { $0.count * long.fontSize * 6 / 10 <= 1280 })
        #expect(lines.last == "…")
    }
}

/// What ffprobe says about a file.
private struct Probe: Equatable {
    let codec: String
    let width: Int
    let height: Int
    let seconds: Int

    init(codec: String, width: Int, height: Int, seconds: Int) {
        (self.codec, self.width, self.height, self.seconds) = (codec, width, height, seconds)
    }

    init(_ bytes: ByteBuffer, in directory: String) throws {
        let path = directory + "/probe-\(UUID().uuidString).mp4"
        try Data(bytes.readableBytesView).write(to: URL(fileURLWithPath: path))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
            "stream=codec_name,width,height:format=duration", "-of", "json", path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let json = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let object = try JSONObject(ByteBuffer(bytes: json))
        let stream = try #require(object.objects("streams").first)
        codec = try #require(stream.string("codec_name"))
        width = try #require(stream.int("width"))
        height = try #require(stream.int("height"))
        seconds = Int(try #require(object.object("format")?.string("duration").flatMap(Double.init)).rounded())
    }
}
