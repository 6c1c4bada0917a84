import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RushesCore
import RushesDatabase
import RushesEngine
import RushesHTTP
import RushesStore
import RushesTesting
import RushesWire
import Testing

@Suite("Providers' webhooks", .onEachDatabase)
struct ProviderHintTests {
    /// `reference/provider-apis.md` 1.10.
    private static let secret = "whsec_cnVzaGVzLXNhbmRib3gtc2lnbmluZy1rZXktMDAwMDE="
    private static let key = SymmetricKey(data: Data("rushes-sandbox-signing-key-00001".utf8))

    private static func event(_ job: String, type: String = "video.completed") -> String {
        #"{"id":"evt_0001","object":"event","created_at":1790000000,"type":"\#(type)","data":{"id":"\#(job)"}}"#
    }

    private static func signature(_ id: String, _ seconds: Int64, _ body: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(seconds).\(body)".utf8), using: key)
        return "v1," + Data(code).base64EncodedString()
    }

    @Test("the signature of the specification's example is right, and no other one")
    func vector() throws {
        let secret = try #require(WebhookSecret(Self.secret))
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let body = Array(Self.event("video_0001").utf8)
        #expect(body.count == 110)
        func isTaken(
            _ signatures: String, id: String = "wh_0001", seconds: String = "1790000000", at now: Timestamp,
            _ body: [UInt8]
        ) -> Bool {
            StandardWebhook(id: id, timestamp: seconds, signatures: signatures, body: body)
                .isAuthentic(secret, at: now)
        }
        let right = "v1,4WMuL8BC8DpPMHd0SjX068djgQqkEii38xC8VKDxFm8="
        #expect(isTaken(right, at: now, body))
        #expect(isTaken("v1,AAAA v2,x \(right)", at: now, body))
        for seconds in [-300, 300] { #expect(isTaken(right, at: now.adding(seconds: seconds), body)) }
        for seconds in [-301, 301] { #expect(!isTaken(right, at: now.adding(seconds: seconds), body)) }
        #expect(!isTaken(right, at: now, body + [32]))
        #expect(!isTaken(right, id: "wh_0002", at: now, body))
        #expect(!isTaken(right, id: "", at: now, body))
        #expect(!isTaken(right, seconds: "1790000001", at: now, body))
        #expect(!isTaken(right, seconds: "soon", at: now, body))
        for wrong in ["", "v1,", "v1,%%%", String(right.dropFirst(3)), right.replacing("v1", with: "v2")] {
            #expect(!isTaken(wrong, at: now, body), "\(wrong)")
        }
        for wrong in ["", "whsec_", "whsec_AAAA", "whsec_%", String(Self.secret.dropFirst(6))] {
            #expect(WebhookSecret(wrong) == nil, "\(wrong)")
        }
        #expect("\(secret) \(String(reflecting: secret))".contains("cnVza") == false)
    }

    /// Runs `work` beside a batch of which both tasks run at a provider whose hints are taken.
    private func withTwoJobs(
        _ work: @escaping @Sendable (EdgeWorld, EdgeClient, BatchBody) async throws -> Void
    ) async throws {
        let world = try await EdgeWorld.make()
        let secrets = try ["sandbox": #require(WebhookSecret(Self.secret))]
        let api = RushesAPI(
            EdgeServices(world.engine, health: EdgeWorld.health(of: Readiness(world.engine)), webhookSecrets: secrets))
        try await Application(router: api.router().router, logger: world.engine.logger).test(.router) { http in
            let client = EdgeClient(client: http, key: world.first.key)
            let text = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#
            let batch = try await client.post("/v1/batches", text).body(BatchBody.self)
            _ = try await Dispatcher(world.engine).step()
            try await work(world, client, batch)
        }
    }

    @Test("a hint only brings the poll forward; what nobody waits for is taken without effect")
    func hint() async throws {
        try await withTwoJobs { world, client, batch in
            let before = try await tasks(of: batch.id, world)
            #expect(before.allSatisfy { $0.state == .running && $0.dueAt > world.clock.now })
            let job = try #require(before[0].job).rawValue
            for type in ["video.started", "response.completed"] {
                #expect(try await send(client.with(key: nil), world, Self.event(job, type: type)).status == 204)
            }
            for body in ["[]", #"{"type":"video.completed"}"#, Self.event("nobody"), Self.event("")] {
                #expect(try await send(client.with(key: nil), world, body).status == 204)
            }
            #expect(try await send(client, world, "nonsense").problem == "400 malformed_json")
            #expect(try await tasks(of: batch.id, world) == before)
            #expect(try await send(client.with(key: nil), world, Self.event(job)).status == 204)
            let hinted = try await tasks(of: batch.id, world)
            #expect(hinted[0].dueAt <= world.clock.now && hinted[1] == before[1])
            // The same message again, and one of a job that has ended.
            #expect(try await send(client, world, Self.event(job, type: "video.failed")).status == 204)
            #expect(try await tasks(of: batch.id, world) == hinted)
            #expect(try await Poller(world.engine).step() == 1)
            #expect(try await tasks(of: batch.id, world)[0].state == .storing)
            #expect(try await send(client, world, Self.event(job)).status == 204)
            #expect(try await tasks(of: batch.id, world)[0].state == .storing)
        }
    }

    @Test("a hint reaches a job that nobody waits for any more, and frees its slot")
    func watched() async throws {
        try await withTwoJobs { world, client, batch in
            let tasks = try await tasks(of: batch.id, world)
            // As at a deadline: the tasks end, the jobs run on.
            try await world.engine.database.write { [ids = world.engine.environment.ids] transaction in
                let steps = try tasks.map { task in
                    var after = task
                    try after.fail(Failure(.timedOut), at: transaction.now)
                    return TaskStep(before: task, after: after, effect: .abandoned)
                }
                _ = try transaction.commit(steps, ids: ids)
            }
            let later = world.clock.now.adding(seconds: 15)
            #expect(try await watchTimes(world) == [later, later])
            #expect(try await Watcher(world.engine).step() == 0)
            let job = try #require(tasks[0].job).rawValue
            for _ in 0..<2 { #expect(try await send(client, world, Self.event(job)).status == 204) }
            let times = try await watchTimes(world)
            #expect(times.count == 2 && times[0] <= world.clock.now && times[1] == later)
            #expect(try await Watcher(world.engine).step() == 1)
            let slots = try await world.engine.database.read { reader in
                try reader.query("SELECT COUNT(*) FROM attempt WHERE holds_slot = 1", [])[0].int(0)
            }
            #expect(slots == 1)
            // It has ended: there is nothing to look at any more.
            #expect(try await send(client, world, Self.event(job)).status == 204)
            #expect(try await Watcher(world.engine).step() == 0)
        }
    }

    private func watchTimes(_ world: EdgeWorld) async throws -> [Timestamp] {
        try await world.engine.database.read { reader in
            try reader.query("SELECT watch_at FROM attempt WHERE watch_at IS NOT NULL ORDER BY watch_at", [])
                .map { Timestamp(milliseconds: try $0.integer(0)) }
        }
    }

    @Test("without the account's signature nothing is taken, and an account without a secret is unknown")
    func refused() async throws {
        let world = try await EdgeWorld.make()
        let secrets = try ["sandbox": #require(WebhookSecret(Self.secret))]
        let api = RushesAPI(
            EdgeServices(world.engine, health: EdgeWorld.health(of: Readiness(world.engine)), webhookSecrets: secrets))
        try await Application(router: api.router().router, logger: world.engine.logger).test(.router) { http in
            let client = EdgeClient(client: http, key: world.first.key)
            let body = Self.event("job")
            #expect(try await client.post("/v1/provider_events/sandbox", body).problem == "400 invalid_signature")
            let late = try await send(client, world, body, ageSeconds: 400)
            #expect(late.problem == "400 invalid_signature")
            #expect(try await send(client, world, body, account: "openai").problem == "404 not_found")
            let large = String(repeating: "x", count: Limits.smallBodyBytesMax + 1)
            #expect(try await send(client, world, large).problem == "413 body_too_large")
        }
    }

    private func tasks(of batch: String, _ world: EdgeWorld) async throws -> [VideoTask] {
        let id = try #require(BatchID(batch))
        return try await world.engine.database.read { try $0.tasks(of: id, after: -1, states: [], limit: 10) }
    }

    private func send(
        _ client: EdgeClient, _ world: EdgeWorld, _ body: String, account: String = "sandbox", ageSeconds: Int64 = 0
    ) async throws -> EdgeAnswer {
        let seconds = world.clock.now.seconds - ageSeconds
        let headers: HTTPFields = [
            .contentType: "application/json", .init("webhook-id")!: "wh_1", .init("webhook-timestamp")!: "\(seconds)",
            .init("webhook-signature")!: Self.signature("wh_1", seconds, body),
        ]
        return try await client.send(.post, "/v1/provider_events/\(account)", headers, Array(body.utf8))
    }
}
