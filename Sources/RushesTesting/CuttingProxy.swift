import Glibc
import Synchronization

/// A TCP proxy on loopback that cuts connections when a test says so: what happens to an answer on a bad network.
package final class CuttingProxy: Sendable {
    /// What becomes of the next bytes from the client.
    package enum Cut: Sendable, Equatable {
        /// They go on, and so does everything else.
        case never
        /// They reach the server, but its answer does not come back.
        case answer
        /// They do not reach the server.
        case request
    }

    /// The port that clients connect to.
    package let port: Int
    private let listener: Int32
    private let target: Int
    private let cut = Mutex(Cut.never)

    /// A proxy to a port of this machine.
    ///
    /// - Throws: `SocketError`.
    package init(to target: Int) throws {
        self.target = target
        (listener, port) = try Socket.listen()
        start { [self] in accept() }
    }

    deinit { close(listener) }

    /// Cuts the connection that sends next, once; later connections are left alone.
    package func cutNext(_ cut: Cut) { self.cut.withLock { $0 = cut } }

    /// Stops listening.
    package func end() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            guard let server = try? Socket.connect(target) else {
                close(client)
                continue
            }
            // Each direction has its thread; the sockets are closed when both have ended.
            let pair = Pair(client, server)
            start { [self] in forward(from: client, to: server, pair, isRequest: true) }
            start { [self] in forward(from: server, to: client, pair, isRequest: false) }
        }
    }

    private func forward(from source: Int32, to sink: Int32, _ pair: Pair, isRequest: Bool) {
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            let cut = isRequest ? takeCut() : .never
            if cut == .request { break }
            if cut == .answer { pair.isAnswerCut.store(true, ordering: .sequentiallyConsistent) }
            if !isRequest, pair.isAnswerCut.load(ordering: .sequentiallyConsistent) { break }
            guard send(sink, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        pair.end()
    }

    private func takeCut() -> Cut {
        cut.withLock { cut in
            defer { cut = .never }
            return cut
        }
    }

    private func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(run: body)).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        pthread_detach(thread)
    }
}

private final class Body {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
}

/// The two sockets of a connection through the proxy.
private final class Pair: Sendable {
    let isAnswerCut = Atomic(false)
    private let client: Int32
    private let server: Int32
    private let ends = Atomic(0)

    init(_ client: Int32, _ server: Int32) {
        (self.client, self.server) = (client, server)
    }

    /// Ends both directions; the second end closes the sockets.
    func end() {
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
        if ends.add(1, ordering: .sequentiallyConsistent).newValue == 2 {
            close(client)
            close(server)
        }
    }
}

/// A socket could not be made.
package struct SocketError: Error {
    /// The system's number of the error.
    package let number: Int32
}

private enum Socket {
    static func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = try make()
        var address = loopback(port: 0)
        try withAddress(&address) { Glibc.bind(descriptor, $0, $1) }
        guard Glibc.listen(descriptor, 64) == 0 else { throw SocketError(number: errno) }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func connect(_ port: Int) throws -> Int32 {
        let descriptor = try make()
        var address = loopback(port: port)
        try withAddress(&address) { Glibc.connect(descriptor, $0, $1) }
        return descriptor
    }

    private static func make() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(number: errno) }
        return descriptor
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func withAddress(
        _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws {
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SocketError(number: errno) }
    }
}
