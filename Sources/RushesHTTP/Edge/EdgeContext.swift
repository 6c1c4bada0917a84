package import Hummingbird
package import RushesCore

/// What a request carries through the edge.
package struct EdgeContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The name of this request in the answer, the problem and the log.
    package var requestID: RequestID = RequestID(trusted: "req_")

    package init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}

/// A request.
package enum RequestIdentity: Identified { package static let prefix = "req" }
/// The name of a request, as `Request-Id` returns it.
package typealias RequestID = Identifier<RequestIdentity>
