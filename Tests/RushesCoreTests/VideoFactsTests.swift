import RushesCore
import Testing

@Suite struct VideoFactsTests {
    @Test(
        arguments: [
            (4, 4_000, true), (4, 3_000, true), (4, 5_000, true), (4, 2_999, false), (4, 5_001, false), (4, 0, false),
            (20, 18_000, true), (20, 22_000, true), (20, 17_999, false), (20, 22_001, false),
        ] as [(Int, Int64, Bool)])
    func aVideoMayDifferByASecondOrATenth(asked: Int, milliseconds: Int64, isRight: Bool) {
        let facts = VideoFacts(durationMilliseconds: milliseconds, width: 1_280, height: 720)
        let expected: VideoDefect? =
            isRight ? nil : .duration(askedMilliseconds: Int64(asked) * 1_000, milliseconds: milliseconds)
        #expect(facts.defect(askedSeconds: asked) == expected)
    }

    @Test func aFileWithoutPicturesIsNoVideo() {
        #expect(
            VideoFacts(durationMilliseconds: 4_000, width: 0, height: 0).defect(askedSeconds: 4) == .noPictures)
    }
}

@Suite struct ImageFormatTests {
    private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 7, count: 20) + [0xFF, 0xD9]
    private static let png: [UInt8] =
        [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A] + Array(repeating: 7, count: 20) + Array("IEND".utf8)
        + [0xAE, 0x42, 0x60, 0x82]
    private static let webp: [UInt8] =
        Array("RIFF".utf8) + [12, 0, 0, 0] + Array("WEBP".utf8) + Array(repeating: 7, count: 8)

    @Test(arguments: [(jpeg, ImageFormat.jpeg), (png, .png), (webp, .webp)])
    func theBytesTell(content: [UInt8], format: ImageFormat) {
        #expect(ImageFormat(content) == format)
        #expect(ImageFormat(Array(content.dropLast())) == nil)
        #expect(ImageFormat(content + [0]) == nil)
        #expect(ImageFormat(Array(content.dropFirst())) == nil)
    }

    @Test func whatABrowserWouldRunIsNoImage() {
        for text in ["<svg xmlns='http://www.w3.org/2000/svg'/>", "<html><script>alert(1)</script></html>", ""] {
            #expect(ImageFormat(Array(text.utf8)) == nil)
        }
    }
}

@Suite struct IllustrationTests {
    private static func work(tries: Int) -> Illustration {
        let asset = Asset(
            id: id(1), organization: id(2), task: id(3), batch: id(4), blobKey: "k", bytes: 1,
            sha256: String(repeating: "a", count: 64), createdAt: moment(0))
        return Illustration(
            asset: asset, attempt: 2, job: ProviderJobID("j"), lane: LaneID("p:m"), seconds: 4, missing: [.poster],
            tries: tries)
    }

    @Test func imagesAreLookedForLessAndLessWithinTheHourOfAnAsset() {
        var now = moment(0)
        var tries = 1
        while let next = Self.work(tries: tries).nextTry(after: now) {
            #expect(!Self.work(tries: tries).isLastTry && next > now)
            now = next
            tries += 1
        }
        #expect(tries == 6 && Self.work(tries: tries).isLastTry)
        #expect(now.milliseconds(since: moment(0)) < 3_600_000)
    }

    @Test func everyTryWritesToAPlaceOfItsOwn() {
        let first = Self.work(tries: 1).blobKey(.poster, .webp)
        #expect(first.hasSuffix("-2.poster-1.webp") && first != Self.work(tries: 2).blobKey(.poster, .webp))
        #expect(first != Self.work(tries: 1).blobKey(.spritesheet, .webp))
    }
}
