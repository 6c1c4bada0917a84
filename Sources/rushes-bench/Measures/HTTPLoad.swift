import Foundation

/// Requests over connections that are kept, with next to no work of its own: one thread, one request under way on each
/// connection, answers counted by their length.
struct HTTPLoad: Sendable {
    let port: Int
    let path: String
    let key: String
    private static let connections = 16

    /// Answers per second.
    func requestsPerSecond(_ seconds: Int) async throws -> Double {
        try await onThread {
            let connections = try (0..<Self.connections).map { _ in try HTTPConnection(port: port, request: request) }
            for connection in connections { try connection.ask() }  // Everybody is awake.
            let start = ContinuousClock.now
            let end = start.advanced(by: .seconds(seconds))
            for connection in connections { try connection.send() }
            var answers = 0
            while ContinuousClock.now < end { answers += try HTTPConnection.turn(connections) }
            return Double(answers) / (ContinuousClock.now - start).inSeconds
        }
    }

    /// The body of one answer.
    func body() async throws -> String {
        try await onThread {
            let answer = try HTTPConnection(port: port, request: request).ask()
            return String(answer.split(separator: "\r\n\r\n", maxSplits: 1)[1])
        }
    }

    private var request: [UInt8] {
        Array(
            """
            GET \(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Authorization: Bearer \(key)\r
            \r\n
            """.utf8)
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }
}

/// One connection of the load. All answers have one length, since only dates and identifiers differ.
private final class HTTPConnection {
    private let handle: Int32
    private let request: [UInt8]
    private var answerBytes = 0
    private var received = 0

    init(port: Int, request: [UInt8]) throws {
        self.request = request
        handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(handle, $0, length) }
        }
        guard connected == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        var on: Int32 = 1
        setsockopt(handle, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(handle) }

    func send() throws {
        guard write(handle, request, request.count) == request.count else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
    }

    /// One request and its whole answer, which must be good.
    @discardableResult
    func ask() throws -> String {
        try send()
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(handle, &piece, piece.count)
            guard count > 0 else { throw BenchError("the server closed the connection") }
            bytes += piece[0..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let head = text.firstRange(of: "\r\n\r\n"),
                let length = text.firstMatch(of: /(?i)content-length: (\d+)/).flatMap({ Int($0.1) })
            else { continue }
            let whole = text[..<head.upperBound].utf8.count + length
            guard bytes.count >= whole else { continue }
            guard text.hasPrefix("HTTP/1.1 200 ") else { throw BenchError("unexpected answer: \(text)") }
            answerBytes = whole
            return text
        }
    }

    /// Waits for bytes on any connection; asks again where an answer is whole. Returns how many were.
    static func turn(_ connections: [HTTPConnection]) throws -> Int {
        var waiting = connections.map { pollfd(fd: $0.handle, events: Int16(POLLIN), revents: 0) }
        guard poll(&waiting, nfds_t(waiting.count), 1_000) > 0 else { throw BenchError("no answer within a second") }
        var answers = 0
        for (entry, connection) in zip(waiting, connections) where entry.revents != 0 {
            if try connection.receive() { answers += 1 }
        }
        return answers
    }

    private func receive() throws -> Bool {
        let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let count = read(handle, buffer.baseAddress, buffer.count)
            // "HTTP/1.1 2": anything else is not counted as an answer.
            return received == 0 && count >= 10 && buffer[9] != UInt8(ascii: "2") ? -1 : count
        }
        guard count > 0 else { throw BenchError("the server refused or closed") }
        received += count
        if received < answerBytes { return false }
        received = 0
        try send()
        return true
    }
}
