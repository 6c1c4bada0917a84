import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// Gives every answer the headers of the real API, and every refusal its envelope.
struct AnswerShape: RouterMiddleware {
    func handle(
        _ request: Request, context: SandboxContext,
        next: @concurrent (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        let startedAt = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = try refusal(error, request: request, context: context).response()
        }
        let milliseconds = (ContinuousClock.now - startedAt) / Duration.milliseconds(1)
        response.headers[.requestID] = "req_" + RandomHex.digits(32)
        response.headers[.processingMilliseconds] = String(Int(milliseconds))
        response.headers[.apiVersion] = "2020-10-01"
        return response
    }

    private func refusal(_ error: any Error, request: Request, context: SandboxContext) -> any SandboxRefusal {
        if let error = error as? any SandboxRefusal { return error }
        let path = request.uri.path
        let isGoogle = path.hasPrefix("/v1beta") || path.hasPrefix("/v1/projects") || path.hasPrefix("/storage")
        if let error = error as? any HTTPResponseError, error.status == .notFound {
            return isGoogle
                ? GoogleRefusal.unknown("The path \(path)") : OpenAIError.unknownRoute(request.method.rawValue, path)
        }
        if isGoogle, error is DecodingError { return GoogleRefusal.invalid("Invalid JSON payload received.") }
        context.logger.error("A request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
        return isGoogle
            ? GoogleRefusal.server("Internal error encountered.")
            : OpenAIError.server("The server had an error while processing your request.")
    }
}

/// Refuses every request without the key.
struct KeyCheck: RouterMiddleware {
    let apiKey: String

    func handle(
        _ request: Request, context: SandboxContext,
        next: @concurrent (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization], header.hasPrefix("Bearer ") else {
            throw OpenAIError.missingKey
        }
        guard header.dropFirst("Bearer ".count) == apiKey else { throw OpenAIError.wrongKey }
        return try await next(request, context)
    }
}

/// Refuses every request without the key that Google's Developer API asks for.
struct GoogleKeyCheck: RouterMiddleware {
    let apiKey: String

    func handle(
        _ request: Request, context: SandboxContext,
        next: @concurrent (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        let key = request.headers[.googleKey] ?? request.uri.queryParameters["key"].map(String.init)
        guard let key else { throw GoogleRefusal.missingKey }
        guard key == apiKey else { throw GoogleRefusal.wrongKey }
        return try await next(request, context)
    }
}

/// Refuses every request without an access token that holds.
struct TokenCheck: RouterMiddleware {
    let sandbox: Sandbox

    func handle(
        _ request: Request, context: SandboxContext,
        next: @concurrent (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization], header.hasPrefix("Bearer "),
            let tokens = sandbox.tokens, tokens.isValid(header.dropFirst("Bearer ".count), at: sandbox.clock.now())
        else { throw GoogleRefusal.wrongToken }
        return try await next(request, context)
    }
}

/// Counts the creates that were refused, whoever refused them.
struct RefusalCount: RouterMiddleware {
    let journal: JobJournal

    func handle(
        _ request: Request, context: SandboxContext,
        next: @concurrent (Request, SandboxContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            if FaultPlayer.call(request)?.0 == .create {
                journal.note(.refused(status: ((error as? any SandboxRefusal)?.status ?? .internalServerError).code))
            }
            throw error
        }
    }
}

/// Random names for requests and jobs.
enum RandomHex {
    static func digits(_ count: Int) -> String {
        var digits = ""
        while digits.utf8.count < count {
            let hex = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            digits += String(repeating: "0", count: 16 - hex.utf8.count) + hex
        }
        return String(digits.prefix(count))
    }
}
