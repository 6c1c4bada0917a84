import HTTPTypes
import Hummingbird
import NIOCore

/// The contract as OpenAPI, and a page to read it.
struct DocumentRoutes: Sendable {
    func add(to endpoints: inout Endpoints) {
        let document = ByteBuffer(bytes: PackageResources.openapi_json)
        let page = ByteBuffer(string: DocumentPage.html(of: PackageResources.openapi_json))
        endpoints.open(.get, "/openapi.json") { _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: document))
        }
        endpoints.open(.get, "/docs") { _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/html; charset=utf-8",
                    .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                ], body: ResponseBody(byteBuffer: page))
        }
    }
}
