import AsyncHTTPClient
import Foundation
import NIOCore
import RushesClient
import RushesWire
import Synchronization
import Testing

extension EndToEndWaiting {
    /// SIGTERM in the middle of work.
    @Suite struct StopTests {
        @Test("not ready at once, answers go on, then an end with 0 and nothing lost", .timeLimit(.minutes(2)))
        func gracefulStop() async throws {
            try await Stage.with(Stage.Plan(shutdownDelaySeconds: 2, hasOwnSandbox: true)) { stage in
                let account = try await stage.account(package: "pack_2000")
                let sheet = Sheet(parts: [.init(marker: "[sim:slow=3]", count: 24, failure: nil)])
                let created = try await stage.withClient(key: account.key) {
                    try await $0.submit(sheet.file(requestID: "stop")).batch
                }
                #expect(try await stage.status(of: "/readyz") == 200)
                async let ending = stage.stopServer()
                var answers: [Int] = []
                var refused = 0
                while refused < 3 {
                    do {
                        // Each on a new connection: whoever was let in must be answered.
                        let status = try await stage.status(of: "/readyz")
                        #expect(refused == 0, "an answer after the port was closed")
                        answers.append(status)
                    } catch let error as HTTPClientError where error == .remoteConnectionClosed {
                        Issue.record("a request that was taken got no answer")
                    } catch {
                        refused += 1
                    }
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(answers.count { $0 == 503 } > 5, "the port stays open while the node is not ready: \(answers)")
                #expect(answers.drop { $0 == 200 }.allSatisfy { $0 == 503 })
                #expect(await ending == 0)
                try await stage.startServer()
                let ended = try await stage.ended(created.id, account, within: 60)
                #expect(ended.status == "completed")
                let submissions = try await stage.submissionsPerTask()
                #expect(submissions.count == 24 && submissions.values.allSatisfy { $0 == 1 })
                try await stage.expectSound()
            }
        }

        @Test("a second signal ends it at once", .timeLimit(.minutes(1)))
        func secondSignal() async throws {
            try await Stage.with(Stage.Plan(shutdownDelaySeconds: 20)) { stage in
                async let ending = stage.stopServer()
                while try await stage.status(of: "/readyz") == 200 { try await Task.sleep(for: .milliseconds(20)) }
                stage.signalServer(SIGTERM)
                #expect(await ending == 128 + SIGTERM)
                try await stage.startServer()
                try await stage.expectSound()
            }
        }
    }
}
