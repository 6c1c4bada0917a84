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

    private func refusal(_ error: any Error, request: Request, context: SandboxContext) -> OpenAIError {
        if let error = error as? OpenAIError { return error }
        if let error = error as? any HTTPResponseError, error.status == .notFound {
            return .unknownRoute(request.method.rawValue, request.uri.path)
        }
        context.logger.error("A request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
        return .server("The server had an error while processing your request.")
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
            if request.method == .post, request.uri.path == "/v1/videos" {
                journal.note(.refused(status: ((error as? OpenAIError)?.status ?? .internalServerError).code))
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
