import NIOCore
import NIOPosix
package import RushesCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Asks the operating system, on threads of its own: `getaddrinfo` waits for as long as it likes and cannot be stopped.
///
/// A name whose servers never answer takes one thread however many ask for it, so that it does not take them all.
package final class SystemHostResolver: HostResolver {
    /// Threads that wait for answers: so many names may hang at the same time before others wait for them.
    private static let threadCount = 32

    private typealias Lookup = EventLoopFuture<[NetworkAddress]>
    private let threads = NIOThreadPool(numberOfThreads: threadCount)
    private let group = MultiThreadedEventLoopGroup.singleton
    private let running = Mutex<[String: Lookup]>([:])

    /// A resolver with its threads.
    package init() {
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    package func addresses(
        of host: String, within milliseconds: Int64
    ) async throws(HostLookupFailure) -> [NetworkAddress] {
        let loop = group.any()
        let answer = loop.makePromise(of: [NetworkAddress].self)
        let timer = loop.scheduleTask(in: .milliseconds(milliseconds)) { answer.fail(HostLookupFailure.timedOut) }
        // Whichever comes second finds the promise kept.
        lookup(host, milliseconds).cascade(to: answer)
        defer { timer.cancel() }
        do {
            return try await answer.futureResult.get()
        } catch {
            throw error as? HostLookupFailure ?? .failed
        }
    }

    /// The lookup of the name that is running, or a new one.
    private func lookup(_ host: String, _ milliseconds: Int64) -> Lookup {
        let (lookup, promise) = running.withLock { running in
            if let lookup = running[host] { return (lookup, EventLoopPromise<[NetworkAddress]>?.none) }
            let promise = group.any().makePromise(of: [NetworkAddress].self)
            running[host] = promise.futureResult
            return (promise.futureResult, promise)
        }
        guard let promise else { return lookup }
        let latest = NIODeadline.now() + .milliseconds(milliseconds)
        threads.submit { state in
            // Who asked has left when it waited too long for a thread.
            let isLate = state == .cancelled || NIODeadline.now() > latest
            let result: Result<[NetworkAddress], HostLookupFailure> = isLate ? .failure(.timedOut) : Self.ask(host)
            _ = self.running.withLock { $0.removeValue(forKey: host) }
            promise.completeWith(result.mapError { $0 as any Error })
        }
        return lookup
    }

    /// Waits for the operating system's answer.
    private static func ask(_ host: String) -> Result<[NetworkAddress], HostLookupFailure> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return .failure(.failed) }
        defer { freeaddrinfo(first) }
        var addresses: [NetworkAddress] = []
        var next = first
        while let entry = next?.pointee {
            // A family that is neither version has no business here.
            if let address = address(entry) { addresses.append(address) }
            next = entry.ai_next
        }
        return addresses.isEmpty ? .failure(.failed) : .success(addresses)
    }

    private static func address(_ entry: addrinfo) -> NetworkAddress? {
        guard let socketAddress = entry.ai_addr else { return nil }
        let raw = UnsafeRawPointer(socketAddress)
        switch entry.ai_family {
        case AF_INET:
            return withUnsafeBytes(of: raw.load(as: sockaddr_in.self).sin_addr) { NetworkAddress(bytes: Array($0)) }
        case AF_INET6:
            return withUnsafeBytes(of: raw.load(as: sockaddr_in6.self).sin6_addr) { NetworkAddress(bytes: Array($0)) }
        default: return nil
        }
    }
}
