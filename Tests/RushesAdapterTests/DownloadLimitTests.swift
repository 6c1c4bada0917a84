import RushesCore
import RushesEngine
import RushesProviders
import Synchronization
import Testing

/// Each download here would run for ever, or for very long, without the limit that its name says.
@Suite("A download ends with a clear fault when it breaks a limit")
struct DownloadLimitTests {
    private static let chunked = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static func sized(_ length: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: \(length)\r\n\r\n"
    }
    private static func chunk(_ bytes: Int) -> String {
        String(bytes, radix: 16) + "\r\n" + String(repeating: "x", count: bytes) + "\r\n"
    }
    /// Limits that no test reaches but by breaking them.
    private static let wide = {
        var limits = ProviderTimeLimits()
        limits.download.headMilliseconds = 60_000
        limits.download.idleMilliseconds = 60_000
        limits.download.totalMilliseconds = 60_000
        limits.download.rateWindowMilliseconds = 60_000
        return limits
    }()

    private func fault(
        _ behaviour: RawServer.Behaviour, _ change: (inout DownloadLimits) -> Void
    ) async throws -> ProviderFault {
        var limits = Self.wide
        change(&limits.download)
        return try await RawServer.with(behaviour) { address in
            try await ProviderFixture.with(address, limits: limits) { provider in
                let error = await #expect(throws: ProviderError.self) {
                    try await provider.download(ProviderJobID("video_1")) { _ in }
                }
                return try #require(error).fault
            }
        }
    }

    @Test("one byte at a time: too slow", arguments: [Self.chunked, Self.sized("100000")])
    func drip(head: String) async throws {
        let piece = head == Self.chunked ? Self.chunk(1) : "x"
        let fault = try await fault(.repeats(head: head, piece: piece, everyMilliseconds: 20)) {
            $0.rateWindowMilliseconds = 400
            $0.bytesPerRateWindowMin = 1_000
        }
        #expect(fault.class == .timeout && fault.message.hasPrefix("only "))
    }

    @Test("a body without an end: too long")
    func endless() async throws {
        let fault = try await fault(
            .repeats(head: Self.chunked, piece: Self.chunk(1_000), everyMilliseconds: 10)
        ) { $0.totalMilliseconds = 500 }
        #expect(fault.class == .timeout && fault.message.contains("did not end within 500 ms"))
    }

    @Test("a body without an end: too large")
    func endlessBytes() async throws {
        let fault = try await fault(
            .repeats(head: Self.chunked, piece: Self.chunk(10_000), everyMilliseconds: 1)
        ) { $0.bytesMax = 100_000 }
        #expect(fault.class == .unknown && fault.message.contains("of at most 100000"))
    }

    @Test("a length beyond the limit is refused before the first byte is handed on")
    func announcedTooLarge() async throws {
        let fault = try await fault(.answersAndWaits(Self.sized("1073741825") + "x")) { _ in }
        #expect(
            fault.class == .unknown && fault.message == "the file has 1073741825 bytes or more, of at most 1073741824")
    }

    @Test("a head and then silence", arguments: [Self.chunked, Self.sized("100"), Self.sized("100") + "some"])
    func silence(answer: String) async throws {
        let fault = try await fault(.answersAndWaits(answer)) { $0.idleMilliseconds = 300 }
        #expect(fault.class == .timeout)
    }

    @Test("no head", arguments: [RawServer.Behaviour.neverAnswers, .answersAndWaits("HTTP/1.1 200 OK\r\nConte")])
    func noHead(behaviour: RawServer.Behaviour) async throws {
        let fault = try await fault(behaviour) { $0.headMilliseconds = 300 }
        #expect(fault.class == .timeout)
    }

    @Test("a head that drips")
    func drippingHead() async throws {
        let fault = try await fault(
            .repeats(head: "HTTP/1.1 200 OK\r\n", piece: "X-More: 1\r\n", everyMilliseconds: 20)
        ) { $0.headMilliseconds = 300 }
        // On a busy machine the pieces come together, and the parser has enough of them first.
        #expect([.timeout, .transient].contains(fault.class))
    }

    @Test("a refusal whose body never ends is still that refusal")
    func endlessRefusal() async throws {
        let head = Self.chunked.replacing("200 OK", with: "503 Unavailable")
        for (piece, pause) in [(Self.chunk(1), Int64(20)), (Self.chunk(5_000), 1)] {
            let fault = try await fault(.repeats(head: head, piece: piece, everyMilliseconds: pause)) {
                $0.rateWindowMilliseconds = 400
                $0.bytesPerRateWindowMin = 1_000
                $0.refusalBytesMax = 50_000
            }
            #expect(fault.class == .transient && fault.message.contains("503"))
        }
    }

    @Test("a length too small cuts the file, a length too large breaks it off")
    func wrongLengths() async throws {
        let broken = try await fault(.answers(Self.sized("9") + "video")) { _ in }
        #expect(broken.class == .transient)
        let received = Mutex<[UInt8]>([])
        try await RawServer.with(.answers(Self.sized("3") + "video")) { address in
            try await ProviderFixture.with(address, limits: Self.wide) { provider in
                try await provider.download(ProviderJobID("video_1")) { event in
                    if case .bytes(let bytes) = event { received.withLock { $0 += bytes } }
                }
            }
        }
        // The inspector then finds that the file ends in the middle.
        #expect(received.withLock { $0 } == Array("vid".utf8))
    }
}
