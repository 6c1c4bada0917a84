import Foundation
import RushesCore
import RushesSimulation
import Synchronization

/// A provider that answers rightly, but for the calls of one case that meet their fault.
///
/// Only the task whose prompt is `marked` meets it; its neighbour in the batch shows whom else the fault hurts.
final class MatrixProvider: Sendable {
    /// The prompt of the task that meets the fault, and the one of its neighbour.
    static let prompts = ["marked", "neighbour"]

    struct Job: Sendable {
        let id: String
        let order: Order
        let createdAt: Timestamp
        var isMarked: Bool { order.prompt == MatrixProvider.prompts[0] }
    }

    /// What a create asks for.
    struct Order: Codable, Sendable {
        let model: String
        let prompt: String
        let seconds: String
        let size: String
    }

    private struct State {
        var jobs: [Job] = []
        var creates: [(prompt: String, at: Timestamp)] = []
        var met = 0
    }

    private let state = Mutex(State())
    private let clock: ManualClock
    private let began: Timestamp
    private let `case`: MatrixCase
    private let isFaultless: Bool

    /// - Parameter isFaultless: no call meets the fault here: it is another provider.
    init(_ case: MatrixCase, clock: ManualClock, isFaultless: Bool = false) {
        self.case = `case`
        self.isFaultless = isFaultless
        self.clock = clock
        began = clock.now
    }

    /// Calls that met the fault.
    var met: Int { state.withLock { $0.met } }

    /// When creates with this prompt came.
    func creates(of prompt: String) -> [Timestamp] {
        state.withLock { $0.creates.filter { $0.prompt == prompt }.map(\.at) }
    }

    /// True when a call about a prompt or a job meets the fault now; it then counts as met.
    func meetsFault(_ call: MatrixCall, isMarked: Bool) -> Bool {
        guard call == `case`.call, isMarked, !isFaultless else { return false }
        return state.withLock { state in
            guard `case`.isMet(before: state.met, secondsSinceBegin: clock.now.milliseconds(since: began) / 1_000)
            else { return false }
            state.met += 1
            return true
        }
    }

    /// True when the next such call would meet a silence.
    func isAboutToBeSilent(_ call: MatrixCall, isMarked: Bool) -> Bool {
        guard call == `case`.call, isMarked, `case`.fault == .silence || `case`.fault == .hangAfterHead else {
            return false
        }
        return `case`.isMet(before: met, secondsSinceBegin: 0)
    }

    func isMarked(_ job: String) -> Bool { find(job)?.isMarked ?? false }

    private func find(_ job: String) -> Job? { state.withLock { $0.jobs.first { $0.id == job } } }

    /// A part of a path without its escapes.
    static func plain(_ segment: String) -> String { segment.removingPercentEncoding ?? "" }

    /// Answers a request that came to a host.
    func reply(method: String, uri: String, host: String, body: [UInt8]) -> Reply {
        switch `case`.form.question(method: method, uri: uri, body: body) {
        case .create(let order): create(order)
        case .list: listing
        case .poll(let id): poll(id, host)
        case .content(let id): content(id)
        case nil: Reply("400 Bad Request", code: "invalid_value")
        }
    }

    private func create(_ order: Order) -> Reply {
        state.withLock { $0.creates.append((order.prompt, clock.now)) }
        let isFaulty = meetsFault(.submit, isMarked: order.prompt == Self.prompts[0])
        let job = Job(id: name(isFaulty: isFaulty), order: order, createdAt: clock.now)
        if !isFaulty || `case`.occurrence == .onceTaken { state.withLock { $0.jobs.append(job) } }
        return answer(.submit, job, isFaulty: isFaulty, body: Array(`case`.form.accepted(job).utf8))
    }

    private func name(isFaulty: Bool) -> String {
        let name = `case`.form.name(state.withLock { $0.creates.count })
        return isFaulty && `case`.fault == .climbingIdentifier ? "../../admin/" + name : name
    }

    private func poll(_ id: String, _ host: String) -> Reply {
        guard let job = find(id) else { return `case`.form.refusal("404 Not Found", code: nil) }
        return answer(
            .poll, job, isFaulty: meetsFault(.poll, isMarked: job.isMarked),
            body: Array(`case`.form.finished(job, host: host).utf8))
    }

    private func content(_ id: String) -> Reply {
        guard let job = find(id) else { return `case`.form.refusal("404 Not Found", code: nil) }
        let isFaulty = meetsFault(.content, isMarked: job.isMarked)
        let body =
            `case`.fault.needsRealClips ? MatrixClips.bytes(seconds: isFaulty ? 8 : 4) : SimulatedVideo.bytes(of: id)
        return answer(.content, job, isFaulty: isFaulty, type: "video/mp4", body: body)
    }

    private var listing: Reply {
        let known = state.withLock { $0.jobs }
        var jobs = known.reversed().map { $0.openAI(status: "in_progress") }
        if `case`.fault == .namelessListing {
            // The marked job, and one of somebody else.
            jobs = known.filter { !$0.isMarked }.map { $0.openAI(status: "in_progress") }
            jobs += known.filter(\.isMarked).map { $0.openAI(status: "in_progress", name: "null") }
            let order = Order(model: "veo", prompt: "somebody else's", seconds: "4", size: "1280x720")
            jobs.append(Job(id: "", order: order, createdAt: clock.now).openAI(status: "in_progress"))
        }
        return Reply(body: Array("{\"data\":[\(jobs.joined(separator: ","))],\"has_more\":false}".utf8))
    }

    private func answer(
        _ call: MatrixCall, _ job: Job, isFaulty: Bool, type: String = "application/json", body: [UInt8]
    ) -> Reply {
        let right = Reply(type: type, headers: ["openai-poll-after-ms: 1000"], body: body)
        guard isFaulty else { return right }
        let faulty = FaultyCall(
            form: `case`.form, fault: `case`.fault, call: call, right: right, body: body, job: job.id, now: clock.now)
        var reply = faulty.reply ?? right
        reply.endsPatience = call != .content
        return reply
    }
}

extension MatrixProvider.Job {
    /// The job as OpenAI's dialect describes it.
    func openAI(status: String, name: String? = nil) -> String {
        """
        {"id":\(name ?? "\"\(id)\""),"object":"video","status":"\(status)","progress":0,\
        "created_at":\(createdAt.seconds),"model":"\(order.model)","prompt":"\(order.prompt)","seconds":"\(order.seconds)","size":"\(order.size)"}
        """
    }
}

extension MatrixCase {
    private static let stormSeconds: Int64 = 600

    /// True when the next call meets the fault.
    func isMet(before count: Int, secondsSinceBegin: Int64) -> Bool {
        if fault == .rateLimitStorm { return secondsSinceBegin < Self.stormSeconds }
        switch occurrence {
        case .once, .onceTaken: return count == 0
        case .always: return true
        }
    }
}
