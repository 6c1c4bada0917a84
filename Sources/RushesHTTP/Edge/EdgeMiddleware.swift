import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
import RushesCore
import RushesEngine

/// The outermost layer: names the request, turns every error into a problem, counts and logs.
struct EdgeMiddleware: RouterMiddleware {
    let environment: RushesEngine.Environment
    let isStopping: @Sendable () -> Bool
    /// Counts the requests of customers; nil where none come.
    let tally: RequestTally?
    private let meters = RequestMeters()

    init(
        environment: RushesEngine.Environment, isStopping: @escaping @Sendable () -> Bool, tally: RequestTally?
    ) {
        self.environment = environment
        self.tally = tally
        self.isStopping = isStopping
    }

    func handle(
        _ request: Request, context: EdgeContext, next: @concurrent (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let startedAt = environment.now()
        context.requestID = environment.ids.next(RequestIdentity.self)
        context.logger[metadataKey: "request.id"] = "\(context.requestID)"
        context.logger[metadataKey: "hb.request.id"] = nil
        var response = try await answer(request, context, next)
        response.headers[.requestID] = context.requestID.rawValue
        response.headers[.contentTypeOptions] = "nosniff"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        // A caller who keeps the connection would find it gone in the middle of its next request.
        if isStopping() { response.headers[.connection] = "close" }
        note(response, to: request, context, milliseconds: environment.now().milliseconds(since: startedAt))
        return response
    }

    private func answer(
        _ request: Request, _ context: EdgeContext, _ next: @concurrent (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        do {
            try RequestLimits.check(request)
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The server answers a request that it cannot parse itself, and closes.
            throw error
        } catch {
            return Problem(error, logger: context.logger).response(from: request, context: context)
        }
    }

    /// A method as a metric's dimension: an invented one must not make a new time series.
    private static func label(_ method: HTTPRequest.Method) -> String {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        return known.contains(method) ? method.rawValue : "other"
    }

    /// A person must look at what we did not expect; "not now" says who is to blame in a line of its own.
    private static func level(of status: Int) -> Logger.Level {
        if status == Problem.unavailable.status.code { return .notice }
        return status >= 500 ? .error : .info
    }

    private func note(_ response: Response, to request: Request, _ context: EdgeContext, milliseconds: Int64) {
        let route = context.endpointPath ?? "unknown"
        let status = response.status.code
        // Probes and readers of metrics are no customers.
        if route.hasPrefix("/v1/") { tally?.count(isFailure: status >= 500) }
        meters.count(
            method: Self.label(request.method), route: route, status: Int(status), milliseconds: milliseconds)
        context.logger.log(
            level: Self.level(of: status), "request",
            metadata: [
                "http.method": "\(request.method)", "http.route": "\(route)", "http.status": "\(status)",
                "duration_ms": "\(milliseconds)",
            ])
    }
}

extension HTTPField.Name {
    /// `Request-Id`.
    static let requestID = HTTPField.Name("Request-Id")!  // a literal token is a valid name
    /// `X-Content-Type-Options`.
    static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options")!  // as above
    /// `Idempotent-Replayed`.
    static let idempotentReplayed = HTTPField.Name("Idempotent-Replayed")!  // as above
}

extension HTTPFields {
    /// The fields of an answer that may be the repetition of an earlier one.
    static func replayed(_ isReplay: Bool) -> HTTPFields { isReplay ? [.idempotentReplayed: "true"] : [:] }
}
