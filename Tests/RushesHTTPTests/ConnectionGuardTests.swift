import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import RushesHTTP

/// The channel handler on a channel without network, with a clock that the test moves.
@Suite("Connections that do not get on")
struct ConnectionGuardTests {
    private let limits = ConnectionLimits(bodyBytesMax: 1_000_000)
    private let head = HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/v1/batches"))

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ConnectionGuard(limits) { "req_1" })
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func body(_ count: Int) -> HTTPServerRequestPart {
        .body(ByteBuffer(repeating: 0, count: count))
    }

    /// The status of the answer that went out, if one did.
    private func status(_ channel: EmbeddedChannel) throws -> HTTPResponseStatus? {
        while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
            if case .head(let head) = part { return head.status }
        }
        return nil
    }

    @Test("a body that drips is answered 408 after five seconds, and the connection closes")
    func drip() throws {
        let channel = try channel()
        try channel.writeInbound(head)
        for _ in 0..<4 {
            try channel.writeInbound(body(10))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(try status(channel) == nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(try status(channel) == .requestTimeout)
        channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(!channel.isActive)
    }

    @Test("a body of good pace is cut at thirty seconds")
    func wholeBody() throws {
        let channel = try channel()
        try channel.writeInbound(head)
        for _ in 0..<29 {
            try channel.writeInbound(body(10_000))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(try status(channel) == nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(try status(channel) == .requestTimeout)
    }

    @Test("a body that has come whole is not watched any more")
    func complete() throws {
        let channel = try channel()
        try channel.writeInbound(head)
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .minutes(5))
        #expect(channel.isActive)
        #expect(try status(channel) == nil)
        _ = try channel.finish()
    }

    @Test("an answer that says close closes after it was written, and nothing is read any more")
    func closes() throws {
        let channel = try channel()
        try channel.writeInbound(head)
        try channel.writeOutbound(
            HTTPServerResponsePart.head(
                HTTPResponseHead(version: .http1_1, status: .payloadTooLarge, headers: ["connection": "close"])))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        #expect(try status(channel) == .payloadTooLarge)
        _ = try channel.readInbound(as: HTTPServerRequestPart.self)
        try channel.writeInbound(body(10))
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(!channel.isActive)
    }

    @Test("a reader that never reads is cut after a minute without room for more")
    func stalledReader() throws {
        let channel = try channel()
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(61))
        #expect(!channel.isActive)
    }

    @Test("asks for a body that is announced, unless it is too long", arguments: [(1_000, true), (2_000_000, false)])
    func expectContinue(length: Int, asks: Bool) throws {
        let channel = try channel()
        let head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/",
            headers: ["expect": "100-continue", "content-length": "\(length)"])
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        #expect(try status(channel) == (asks ? .continue : nil))
        _ = try? channel.finish()
    }
}
