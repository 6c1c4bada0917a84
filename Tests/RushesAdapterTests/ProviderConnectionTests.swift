import RushesCore
import RushesEngine
import RushesProviders
import Testing

@Suite("What is known when a connection to a provider fails")
struct ProviderConnectionTests {
    private static let submission = Submission(
        task: TaskID(trusted: "tsk_1"), attempt: 2, model: "sora-2", prompt: "A kite", seconds: 4, size: "1280x720",
        deadline: Timestamp(milliseconds: 1_795_460_120_000))
    private static let hurry = {
        var limits = ProviderTimeLimits()
        limits.connectMilliseconds = 2_000
        limits.createMilliseconds = 300
        limits.readMilliseconds = 300
        limits.download.idleMilliseconds = 300
        return limits
    }()

    @Test("nobody listens, no such host, no TLS: certainly not accepted")
    func notAccepted() async throws {
        let closed = try await RawServer.closedPort()
        for address in [closed, "http://rushes.invalid/v1", "no address"] {
            try await expectNotAccepted(address)
        }
        try await RawServer.with(.answers("HTTP/1.1 400 Bad Request\r\n\r\n")) { address in
            try await expectNotAccepted(address.replacing("http:", with: "https:"))
        }
    }

    private func expectNotAccepted(_ address: String) async throws {
        try await ProviderFixture.with(address) { provider in
            let outcome = await provider.submit(Self.submission)
            guard case .notAccepted(let fault) = outcome else {
                Issue.record("\(address): \(outcome)")
                return
            }
            #expect(fault.class == .transient || fault.class == .timeout)
            guard case .unavailable = await provider.poll(ProviderJobID("video_1")) else {
                Issue.record("\(address): a poll said something")
                return
            }
        }
    }

    @Test("the connection breaks or nobody answers: unknown")
    func unknown() async throws {
        for (behaviour, expected) in [
            (RawServer.Behaviour.closesAfterTheRequest, ProviderFault.Class.transient),
            (.neverAnswers, .timeout),
            (.answers("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":\"vid"), .transient),
            (.answers("nonsense\r\n\r\n"), .transient),
        ] {
            try await RawServer.with(behaviour) { address in
                // Only silence is waited out; what breaks has all the time that a busy machine needs to break.
                let limits = expected == .timeout ? Self.hurry : ProviderTimeLimits()
                try await ProviderFixture.with(address, limits: limits) { provider in
                    let outcome = await provider.submit(Self.submission)
                    guard case .unknown(let fault) = outcome else {
                        Issue.record("\(behaviour): \(outcome)")
                        return
                    }
                    #expect(fault.class == expected, "\(behaviour)")
                }
            }
        }
    }

    @Test("a server that closes at once got nothing or is unknown, never accepted")
    func closesAtOnce() async throws {
        try await RawServer.with(.closesAtOnce) { address in
            try await ProviderFixture.with(address, limits: Self.hurry) { provider in
                let outcome = await provider.submit(Self.submission)
                if case .accepted = outcome { Issue.record("\(outcome)") }
            }
        }
    }

    @Test("a cancelled create is not taken for a refused one")
    func cancelled() async throws {
        try await RawServer.with(.neverAnswers) { address in
            try await ProviderFixture.with(address) { provider in
                let submitting = Task { await provider.submit(Self.submission) }
                try await Task.sleep(for: .milliseconds(200))
                submitting.cancel()
                guard case .unknown = await submitting.value else {
                    Issue.record("the outcome is known")
                    return
                }
            }
        }
    }

    @Test(
        "a download that ends early or stalls is an error",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 100\r\n\r\nshort",
            "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        ])
    func brokenDownload(answer: String) async throws {
        try await RawServer.with(.answers(answer)) { address in
            try await ProviderFixture.with(address, limits: Self.hurry) { provider in
                let error = await #expect(throws: ProviderError.self) {
                    try await provider.download(ProviderJobID("video_1")) { _ in }
                }
                #expect(error?.fault.class == .transient)
            }
        }
    }
}
