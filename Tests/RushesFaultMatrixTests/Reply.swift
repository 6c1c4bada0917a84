/// What a provider sends for one request, byte by byte, and how the connection ends.
struct Reply: Sendable {
    var bytes: [UInt8]
    var ending = Ending.closes
    /// True when a silence ends the limit of the call; a download has limits of its own.
    var endsPatience = true

    enum Ending: Sendable {
        case closes
        /// With a reset, as a process that dies.
        case resets
        /// Nothing more comes, and nobody hangs up.
        case fallsSilent
        /// A byte a second, without end.
        case drips
        /// As much as the other side takes, without end.
        case floods
    }

    /// An HTTP answer, after which the connection is closed.
    init(
        _ status: String = "200 OK", type: String = "application/json", headers: [String] = [], body: [UInt8],
        length: Int?
    ) {
        var lines = ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Connection: close"] + headers
        if let length { lines.append("Content-Length: \(length)") }
        bytes = Array((lines + ["", ""]).joined(separator: "\r\n").utf8) + body
    }

    /// An HTTP answer of the right length.
    init(_ status: String = "200 OK", type: String = "application/json", headers: [String] = [], body: [UInt8]) {
        self.init(status, type: type, headers: headers, body: body, length: body.count)
    }

    /// A refusal in the dialect's shape.
    init(_ status: String, code: String?, headers: [String] = [], message: String = "no") {
        let code = code.map { "\"\($0)\"" } ?? "null"
        self.init(
            status, headers: headers,
            body: Array("{\"error\":{\"message\":\"\(message)\",\"type\":\"error\",\"code\":\(code)}}".utf8))
    }

    /// The end of the head.
    var headLength: Int {
        let mark = Array("\r\n\r\n".utf8)
        let starts = bytes.indices.dropLast(mark.count - 1)
        return (starts.first { bytes[$0...].starts(with: mark) } ?? 0) + mark.count
    }

    func ends(_ ending: Ending) -> Reply {
        var reply = self
        reply.ending = ending
        return reply
    }

    func cut(after count: Int, _ ending: Ending) -> Reply {
        var reply = ends(ending)
        reply.bytes = Array(bytes.prefix(count))
        return reply
    }
}
