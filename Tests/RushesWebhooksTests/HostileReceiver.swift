import Foundation
import NIOCore
import NIOPosix
import RushesCore
import RushesEngine
import RushesTesting
import RushesWebhooks
import Testing

/// A receiver that wants the sender to wait, to hold much in memory, or to go somewhere else.
enum HostileReceiver: String, CaseIterable, Sendable {
    case neverAnswers, dripsTheHead, dripsTheBody, sendsAGibibyte, sendsManyHeaders, sendsAnEndlessHeader, sendsABomb
    case sendsInterimAnswersWithoutEnd, dripsInterimAnswers, closesInTheHead, closesInTheBody, closesWithoutAWord
    case resets, speaksNonsense, announcesTwoLengths, redirectsToMetadata, redirectsToItself

    /// Why the exchange fails, as the log of deliveries has it, and the status that is read.
    var verdict: (failure: DeliveryFailure?, status: Int?) {
        switch self {
        case .neverAnswers, .dripsTheHead, .dripsInterimAnswers: (.requestTimeout, nil)
        case .dripsTheBody, .sendsAGibibyte, .sendsABomb, .closesInTheBody: (nil, 200)
        case .sendsManyHeaders, .sendsAnEndlessHeader, .sendsInterimAnswersWithoutEnd, .speaksNonsense,
            .announcesTwoLengths:
            (.responseInvalid, nil)
        case .closesInTheHead, .closesWithoutAWord, .resets: (.connectionReset, nil)
        case .redirectsToMetadata, .redirectsToItself: (.redirectNotFollowed, 302)
        }
    }

    /// True when something of the answer's body is missing.
    var isTruncated: Bool {
        switch self {
        case .dripsTheBody, .sendsAGibibyte, .sendsABomb, .closesInTheBody: true
        case .neverAnswers, .dripsTheHead, .sendsManyHeaders, .sendsAnEndlessHeader, .sendsInterimAnswersWithoutEnd,
            .dripsInterimAnswers, .closesInTheHead, .closesWithoutAWord, .resets, .speaksNonsense,
            .announcesTwoLengths, .redirectsToMetadata, .redirectsToItself:
            false
        }
    }

    /// Sends it one message.
    func meet() async throws -> (exchange: WebhookExchange, seen: Receiver.Seen, written: Int) {
        let written = Written()
        return try await Receiver.with({ play($0, $1, written) }) { receiver in
            let url = "http://127.0.0.1:\(receiver.port)/"
            let exchange = await (try SenderFixture.development()).send(SenderFixture.message(url))
            return (exchange, receiver.seen, written.count)
        }
    }

    private func play(_ receiver: Receiver, _ channel: any Channel, _ written: Written) {
        let ok = "HTTP/1.1 200 OK\r\n"
        switch self {
        case .neverAnswers: break
        case .dripsTheHead: Self.drip("HTTP/1.1 200 OK\r\nx: \(String(repeating: "y", count: 600))", channel)
        case .dripsTheBody:
            channel.writeAndFlush(ByteBuffer(string: ok + "content-length: 600\r\n\r\n"), promise: nil)
            Self.drip(String(repeating: "y", count: 600), channel)
        case .sendsAGibibyte:
            channel.writeAndFlush(ByteBuffer(string: ok + "content-length: 1073741824\r\n\r\n"), promise: nil)
            Self.flood(Self.chunk, 1 << 30, channel, written)
        case .sendsManyHeaders: Self.writeAll(Self.manyHeaders, channel)
        case .sendsAnEndlessHeader:
            channel.writeAndFlush(ByteBuffer(string: ok + "x: "), promise: nil)
            Self.flood(Self.chunk, 1 << 30, channel, written)
        case .sendsABomb:
            let head = ok + "content-encoding: gzip\r\ncontent-length: \(Self.bomb.readableBytes)\r\n\r\n"
            channel.writeAndFlush(ByteBuffer(string: head), promise: nil)
            Self.writeAll(Self.bomb, channel)
        case .sendsInterimAnswersWithoutEnd: Self.flood(Self.interimAnswers, 1 << 30, channel, written)
        case .dripsInterimAnswers: Self.drip("HTTP/1.1 100 Continue\r\n\r\n", again: true, channel)
        case .closesInTheHead: Receiver.bytes("HTTP/1.1 200 OK\r\ncontent-le")(receiver, channel)
        case .closesInTheBody: Receiver.bytes(ok + "content-length: 1000\r\n\r\nshort")(receiver, channel)
        case .closesWithoutAWord: channel.close(promise: nil)
        case .resets:
            let lingers = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            lingers?.whenComplete { _ in channel.close(promise: nil) }
        case .speaksNonsense: Receiver.bytes("SSH-2.0-OpenSSH_9.2p1 Debian\r\n")(receiver, channel)
        case .announcesTwoLengths:
            Receiver.bytes(ok + "content-length: 4\r\ncontent-length: 5\r\n\r\nabcde")(receiver, channel)
        case .redirectsToMetadata:
            Receiver.bytes(
                "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\n\r\n")(
                    receiver, channel)
        case .redirectsToItself:
            let location = "http://127.0.0.1:\(receiver.port)/again"
            Receiver.bytes("HTTP/1.1 302 Found\r\nlocation: \(location)\r\ncontent-length: 0\r\n\r\n")(
                receiver, channel)
        }
    }

    /// A byte, or all of it again, each 100 ms.
    private static func drip(_ text: String, again: Bool = false, _ channel: any Channel) {
        let bytes = Array(text.utf8)
        let next = Written()
        channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(100)) { task in
            guard channel.isActive, again || next.count < bytes.count else { return task.cancel() }
            let part = again ? ByteBuffer(bytes: bytes) : ByteBuffer(bytes: [bytes[next.count]])
            next.add(1)
            channel.writeAndFlush(part, promise: nil)
        }
    }

    private static func flood(_ chunk: ByteBuffer, _ rest: Int, _ channel: any Channel, _ written: Written) {
        guard rest > 0 else { return channel.close(promise: nil) }
        channel.writeAndFlush(chunk).whenSuccess {
            written.add(chunk.readableBytes)
            flood(chunk, rest - chunk.readableBytes, channel, written)
        }
    }

    private static func writeAll(_ bytes: ByteBuffer, _ channel: any Channel) {
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Made before anything is measured.
    static let chunk = ByteBuffer(repeating: 0x61, count: 64 * 1_024)
    static let interimAnswers = ByteBuffer(
        string: String(repeating: "HTTP/1.1 102 Processing\r\nx: y\r\n\r\n", count: 1_000))
    static let manyHeaders = ByteBuffer(
        string: "HTTP/1.1 200 OK\r\n" + (0..<20_000).map { "x-header-\($0): value\r\n" }.joined()
            + "content-length: 0\r\n\r\n")
    /// 100 MiB of zeros, a member of 1 MiB at a time.
    static let bomb: ByteBuffer = {
        let member = (try? Shell.output("head -c 1048576 /dev/zero | gzip -9")) ?? Data()
        return ByteBuffer(bytes: (0..<100).flatMap { _ in member })
    }()
}
