package import HTTPTypes
import Hummingbird
import RushesCore
import RushesStore
import Synchronization

/// One route of the API, as the OpenAPI document lists it.
package struct EndpointDescription: Hashable, Sendable {
    /// The method.
    package let method: HTTPRequest.Method
    /// The path with parameters in braces, such as `/v1/batches/{id}`.
    package let path: String
}

/// Registers routes and remembers them: for `Allow`, for the document's test, for the tenancy test.
struct Endpoints {
    private let router: Router<EdgeContext>
    private let authentication: Authentication
    private(set) var descriptions: [EndpointDescription] = []

    init(_ router: Router<EdgeContext>, _ authentication: Authentication) {
        self.router = router
        self.authentication = authentication
    }

    /// A route that anyone may call.
    mutating func open(
        _ method: HTTPRequest.Method, _ path: String, _ handler: @escaping @Sendable (Call) async throws -> Response
    ) {
        descriptions.append(EndpointDescription(method: method, path: path))
        router.on(RouterPath(path), method: method) { request, context in
            try await handler(Call(request: request, context: context))
        }
    }

    /// A route that needs an API key; the handler gets the key's organization.
    mutating func authorized(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Call, OrganizationID) async throws -> Response
    ) {
        authorizedByKey(method, path) { call, key in try await handler(call, key.organization) }
    }

    /// A route for which it matters with which API key it is called.
    mutating func authorizedByKey(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Call, APIKey) async throws -> Response
    ) {
        let authentication = authentication
        open(method, path) { call in try await handler(call, try await authentication.key(of: call.request)) }
    }
}

/// A request with its context.
struct Call: Sendable {
    let request: Request
    let context: EdgeContext

    /// The identifier in the path.
    ///
    /// - Throws: `Problem.notFound` for a text that is none: it names nothing.
    func id<Kind: Identified>(_ kind: Kind.Type = Kind.self) throws(Problem) -> Identifier<Kind> {
        guard let text = context.parameters.get("id"), let id = Identifier<Kind>(text) else { throw .notFound }
        return id
    }

    /// The query, which may have these parameters only.
    func query(_ allowed: Set<String>) throws(Problem) -> QueryParameters {
        try QueryParameters(request.uri.query, allowed: allowed)
    }
}

/// The routes, known once all of them are registered.
final class KnownEndpoints: Sendable {
    private let endpoints = Mutex<[EndpointDescription]>([])

    var all: [EndpointDescription] { endpoints.withLock { $0 } }

    func set(_ descriptions: [EndpointDescription]) {
        endpoints.withLock { $0 = descriptions }
    }
}

/// Answers for a path that has no route of the wanted method: 405 with `Allow`, or 404.
struct MethodMiddleware: RouterMiddleware {
    let known: KnownEndpoints

    func handle(
        _ request: Request, context: EdgeContext, next: @concurrent (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let path = request.uri.path.split(separator: "/")
            var allowed: [HTTPRequest.Method] = []
            for known in known.all where known.matches(path) && !allowed.contains(known.method) {
                allowed.append(known.method)
            }
            if allowed.isEmpty { throw Problem.notFound }
            throw Problem.methodNotAllowed(allowed.contains(.get) ? allowed + [.head] : allowed)
        }
    }
}

extension EndpointDescription {
    fileprivate func matches(_ parts: [Substring]) -> Bool {
        let template = path.split(separator: "/")
        return template.count == parts.count
            && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
