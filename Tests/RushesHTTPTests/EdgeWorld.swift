import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import RushesCore
import RushesDatabase
import RushesEngine
import RushesHTTP
import RushesSimulation
import RushesStore
import RushesTesting
import RushesWire
import Synchronization
import Testing

/// The real engine on the test's database behind the real router, with two organizations and a provider without delay.
struct EdgeWorld: Sendable {
    let clock: ManualClock
    let engine: Engine
    let api: RushesAPI
    /// Where webhooks arrive.
    let receiver: ScriptedReceiver
    let webhooks: WebhookTools
    let first: Customer
    let second: Customer

    struct Customer: Sendable {
        let organization: OrganizationID
        let key: String
    }

    /// Unit price 490,000 at `sora-2`, a minimum of 2; each customer has so many micro-credits.
    static func make(
        creditMicros: Int64 = 49_000_000, seller: LegalEntity = .unnamed
    ) async throws -> EdgeWorld {
        let clock = ManualClock()
        let database = try await TestScope.current.open(clock: { clock.now })
        _ = try await Migrator(Schema.migrations).migrate(database)
        var logger = Logger(label: "edge-tests")
        logger.logLevel = .critical
        let engine = Engine(
            database: database, blobs: MemoryBlobStore(),
            providers: ProviderDirectory(["sandbox": InstantProvider()]),
            environment: Environment(now: { clock.now }, sleep: { _ in }, ids: clock, random: clock), logger: logger,
            fanOutWidth: 1, seller: seller)
        let operators = OperatorService(engine)
        _ = try await operators.apply(.sample)
        let receiver = ScriptedReceiver(now: { clock.now })
        let webhooks = WebhookTools.testing(engine, receiver, renderer: .contract)
        let services = EdgeServices(engine, health: health(of: Readiness(engine)), webhooks: webhooks)
        return EdgeWorld(
            clock: clock, engine: engine, api: RushesAPI(services), receiver: receiver, webhooks: webhooks,
            first: try await customer("First", creditMicros, operators),
            second: try await customer("Second", creditMicros, operators))
    }

    /// Looks before each answer, where a server looks all the time.
    static func health(of readiness: Readiness) -> HealthSource {
        HealthSource {
            await readiness.look()
            return readiness.report()
        } isStopping: {
            readiness.isLeaving
        } metrics: {
            "up 1\n"
        }
    }

    private static func customer(
        _ name: String, _ creditMicros: Int64, _ operators: OperatorService
    ) async throws -> Customer {
        let made = try await operators.createOrganization(named: name)
        _ = try await operators.confirmPurchase(
            .topup(Credits(micros: creditMicros)), for: made.organization, reference: "pay-\(name)")
        return Customer(organization: made.organization, key: made.secret.text)
    }

    /// Runs a test against the router.
    func test(_ body: @Sendable (EdgeClient) async throws -> Void) async throws {
        let application = Application(router: api.router().router, logger: engine.logger)
        try await application.test(.router) { client in
            try await body(EdgeClient(client: client, key: first.key))
        }
    }

    /// Steps every worker until nothing moves any more.
    func work() async throws {
        let workers: [any Worker] = [
            Dispatcher(engine), Poller(engine), Archiver(engine), Sweeper(engine), Settler(engine), Illustrator(engine),
        ]
        for _ in 0..<12 {
            clock.advance(milliseconds: 6_000)
            for worker in workers { _ = try await worker.step() }
        }
    }

    /// Sends what there is to be told.
    func tell() async throws {
        let (announcer, courier) = (Announcer(engine, webhooks), Courier(engine, webhooks))
        // What is queued has its times, one after another.
        for _ in 0..<3 {
            clock.advance(milliseconds: 1_000)
            while try await announcer.step() + courier.step() > 0 {}
        }
    }
}

extension WebhookRenderer {
    /// Bodies as the contract has them.
    fileprivate static let contract = WebhookRenderer(
        body: { try WebhookRendering.body(of: $0) }, sample: { try WebhookRendering.sample($0, id: $1, at: $2) })
}

/// A client of one customer.
struct EdgeClient: Sendable {
    let client: any TestClientProtocol
    let key: String?

    func with(key: String?) -> EdgeClient { EdgeClient(client: client, key: key) }

    func get(_ uri: String, _ headers: HTTPFields = [:]) async throws -> EdgeAnswer {
        try await send(.get, uri, headers)
    }

    func post(_ uri: String, _ text: String, type: String = "application/json") async throws -> EdgeAnswer {
        try await send(.post, uri, [.contentType: type], Array(text.utf8))
    }

    func put(_ uri: String, _ text: String) async throws -> EdgeAnswer {
        try await send(.put, uri, [.contentType: "application/json"], Array(text.utf8))
    }

    func put(_ uri: String, _ body: some Encodable) async throws -> EdgeAnswer {
        try await send(.put, uri, [.contentType: "application/json"], try WireJSON.encode(body))
    }

    func patch(_ uri: String, _ text: String, _ headers: HTTPFields = [:]) async throws -> EdgeAnswer {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await send(.patch, uri, headers, Array(text.utf8))
    }

    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields = [:], _ body: [UInt8]? = nil
    ) async throws -> EdgeAnswer {
        var headers = headers
        if let key, headers[.authorization] == nil { headers[.authorization] = "Bearer \(key)" }
        let answer = try await client.execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
        ) { response in
            EdgeAnswer(
                status: response.status.code, headers: response.headers, bytes: Array(response.body.readableBytesView))
        }
        #expect(answer.headers[.init("Request-Id")!]?.hasPrefix("req_") == true)
        return answer
    }
}

struct EdgeAnswer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(bytes)) ?? .null }

    func body<Body: Decodable>(_ type: Body.Type = Body.self) throws -> Body {
        try WireJSON.decode(Body.self, from: bytes)
    }

    /// The problem's status and code, with the media type checked.
    var problem: String {
        guard headers[.contentType] == "application/problem+json", let body = try? body(ProblemBody.self),
            body.status == status, headers[.init("Request-Id")!] == body.requestID
        else { return "no problem: \(status) \(text)" }
        return "\(status) \(body.code)"
    }

    /// The issues of a problem as `place code`.
    var issues: [String] {
        let issues = (try? body(ProblemBody.self))?.errors ?? []
        return issues.map { issue in
            let place = issue.row.map { "\($0)/\(issue.column ?? "-")" } ?? issue.pointer ?? issue.parameter ?? "?"
            return "\(place) \(issue.code)"
        }
    }
}

/// A clock that moves when it is told, and seeded identifiers and chance.
final class ManualClock: IDSource, RandomSource {
    private let state = Mutex((milliseconds: Int64(1_795_000_000_000), random: SplitMix64(seed: 7)))

    var now: Timestamp { Timestamp(milliseconds: state.withLock { $0.milliseconds }) }

    func advance(milliseconds: Int64) {
        state.withLock { $0.milliseconds += milliseconds }
    }

    func next() -> UInt64 { state.withLock { $0.random.next() } }

    func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> {
        state.withLock { state in
            state.milliseconds += 1
            return Identifier(
                at: Timestamp(milliseconds: state.milliseconds), randomHigh: UInt16(state.random.next() & 0xFFFF),
                randomLow: state.random.next())
        }
    }
}

/// Makes every video at once; prompts with `[fail]` fail.
struct InstantProvider: VideoProvider {
    static let video: [UInt8] = {
        func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
            let size = UInt32(body.count + 8)
            return withUnsafeBytes(of: size.bigEndian, Array.init) + Array(type.utf8) + body
        }
        let fileType = box("ftyp", Array("isom".utf8) + [0, 0, 2, 0] + Array("isom".utf8))
        let movie = box("moov", box("mvhd", Array(repeating: 0, count: 100)) + box("trak", []))
        return fileType + movie + box("mdat", (0..<400).map { UInt8($0 % 251) })
    }()

    func submit(_ submission: Submission) async -> SubmitOutcome {
        let fate = submission.prompt.contains("[fail]") ? "fail" : "good"
        return .accepted(ProviderJobID("\(fate)-\(submission.task)-\(submission.attempt)"), pollAfterMilliseconds: 50)
    }

    func poll(_ job: ProviderJobID) async -> PollOutcome {
        job.rawValue.hasPrefix("fail")
            ? .failed(ProviderFault(.moderated, code: "moderation_blocked", message: "secret words of the provider"))
            : .completed
    }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] { [] }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        try await consume(.began(contentLength: Int64(Self.video.count)))
        try await consume(.bytes(Self.video))
    }

    /// The smallest content that passes as a JPEG.
    static let poster: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 7, count: 300) + [0xFF, 0xD9]

    /// Posters only.
    func downloadImage(
        _ kind: AssetImage.Kind, of job: ProviderJobID, consume: (DownloadEvent) async throws -> Void
    ) async throws {
        guard kind == .poster else { throw ProviderError(ProviderFault(.permanentRequest, message: "no such image")) }
        try await consume(.began(contentLength: nil))
        try await consume(.bytes(Self.poster))
    }
}

extension Catalogue {
    static let sample = Catalogue(
        models: [
            VideoModel(
                id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 2, maxBatch: 10_000,
                seconds: [4, 8, 12], sizes: ["1280x720", "720x1280"], slaSeconds: 120, deadlineSeconds: 120,
                route: ProviderRoute(provider: "sandbox", model: "sora-2", maxInFlight: 50, createsPerMinute: 6_000),
                unknownCreatePolicy: .resubmitOnce),
            VideoModel(
                id: "old-1", displayName: "Old", unitPrice: Credits(micros: 1), minBatch: 1, maxBatch: 10,
                seconds: [4], sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 120,
                route: ProviderRoute(provider: "sandbox", model: "old-1", maxInFlight: 1, createsPerMinute: 60),
                unknownCreatePolicy: .fail, state: .retired),
        ],
        packages: [PackageOffer(id: "pack_1", paid: Dollars(micros: 1_000_000), face: Credits(micros: 1_200_000))])
}
