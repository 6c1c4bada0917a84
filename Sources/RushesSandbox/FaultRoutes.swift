import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/_sandbox/faults`: storms, outages and retired models for the calls to come.
struct FaultRoutes: Sendable {
    let sandbox: Sandbox

    private struct Answer: Encodable {
        let faults: [FaultPlan.Entry]
        let met: [String: Int]

        private enum CodingKeys: String, CodingKey {
            case faults
            case met = "met_by_kind"
        }
    }

    func add(to group: RouterGroup<SandboxContext>) {
        group.get("faults") { _, _ in try answer() }
        group.delete("faults") { _, _ in
            sandbox.faults.clear()
            return try answer()
        }
        group.post("faults") { request, _ in
            let body = Data(try await request.body.collect(upTo: 65_536).readableBytesView)
            guard let fault = try? JSONDecoder().decode(PlannedFault.self, from: body) else {
                throw OpenAIError.malformed("A fault has a call (create, poll, list, content, token) and a kind.")
            }
            if let defect = fault.defect { throw OpenAIError.invalidValue("kind", defect) }
            sandbox.faults.add(fault, at: sandbox.clock.now())
            return try answer()
        }
        group.post("tokens/revoke") { _, _ in
            sandbox.tokens?.revokeAll()
            return try answer()
        }
    }

    private func answer() throws -> Response {
        try Response.json(Answer(faults: sandbox.faults.entries, met: sandbox.faults.metByKind))
    }
}

/// Plays the ordered faults, before anything else looks at a call.
struct FaultPlayer: RouterMiddleware {
    let sandbox: Sandbox

    func handle(
        _ request: Request, context: SandboxContext,
        next: @concurrent (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        guard let (call, surface) = Self.call(request),
            let fault = sandbox.faults.next(call, surface, at: sandbox.clock.now())
        else { return try await next(request, context) }
        if let refusal = fault.kind.refusal(surface) { throw refusal }
        switch fault.kind {
        case .raw: return try Self.raw(fault)
        case .dropAnswer: _ = try? await next(request, context)  // Whatever came of it, nobody is told.
        case .hang: try await Task.sleep(for: .seconds(SandboxLimits.hangSecondsMax))
        case .drop, .rateLimited, .spendLimit, .unauthorized, .forbidden, .unavailable, .serverError, .retired,
            .moderated, .invalid, .limited:
            break
        }
        try await context.channel.close().get()
        throw OpenAIError.server("The connection was closed on purpose.")
    }

    private static func raw(_ fault: PlannedFault) throws -> Response {
        var headers: HTTPFields = [:]
        for (name, value) in fault.headers ?? [:] {
            guard let name = HTTPField.Name(name) else { throw OpenAIError.server("The fault has no usable header.") }
            headers[name] = value
        }
        return Response(
            status: .init(code: fault.status ?? 500), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: fault.body ?? "")))
    }

    /// Which call a request is, by its path alone.
    static func call(_ request: Request) -> (PlannedFault.Call, VideoJob.Surface)? {
        let path = request.uri.path
        let parts = path.split(separator: "/")
        if path == "/token" { return (.token, .vertex) }
        if path.hasPrefix("/storage/") { return (parts.count > 5 ? .content : .list, .vertex) }
        if path.hasSuffix(":predictLongRunning") {
            return (.create, path.hasPrefix("/v1beta/models/") ? .gemini : .vertex)
        }
        if path.hasSuffix(":fetchPredictOperation") { return (.poll, .vertex) }
        if path.hasPrefix("/v1beta/files/") { return (.content, .gemini) }
        if path.hasPrefix("/v1beta/models/") { return (.poll, .gemini) }
        guard path.hasPrefix("/v1/videos") else { return nil }
        switch (parts.count, request.method) {
        case (2, .post): return (.create, .openAI)
        case (2, .get): return (.list, .openAI)
        case (3, .get): return (.poll, .openAI)
        case (4, .get): return (.content, .openAI)
        default: return nil
        }
    }
}
