import Foundation
import Logging
import RushesTelemetry
import Synchronization
import Testing

@Suite("Log lines")
struct TelemetryLogTests {
    /// Collects what a handler writes.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func write(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let lines = Lines()

    private func logger(provider: Logger.MetadataProvider? = nil) -> Logger {
        Logger(label: "test") { [lines] label in
            JSONLogHandler(
                label: label, metadataProvider: provider, now: { "2026-01-02T03:04:05.678Z" }, write: lines.write)
        }
    }

    @Test func anEventIsOneLineWithSortedMetadata() {
        logger().info(
            "step done", metadata: ["worker": "settler", "batch.count": "\(3)", "duration_ms": .stringConvertible(12)])
        #expect(
            lines.all == [
                #"{"time":"2026-01-02T03:04:05.678Z","level":"info","logger":"test","message":"step done","#
                    + #""metadata":{"batch.count":"3","duration_ms":12,"worker":"settler"}}"#
            ])
    }

    @Test func levelsBelowAreDropped() {
        logger().debug("too much detail")
        #expect(lines.all.isEmpty)
    }

    @Test func theNearestMetadataWins() throws {
        var logger = logger(provider: .init { ["a": "provider", "b": "provider", "c": "provider"] })
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "d"] = "logger"
        logger.info("x", metadata: ["c": "event"])
        #expect(lines.all.first?.contains(#"{"a":"provider","b":"provider","c":"event","d":"logger"}"#) == true)
    }

    @Test func anythingIsValidJSONOnOneLine() throws {
        let nasty = "a\"b\\c\nd\re\tf\u{0}g\u{1b}[31m\u{2028}é😀"
        logger().error(
            "\(nasty)", metadata: ["\(nasty)": .array([.string(nasty), .dictionary(["k": .string(nasty)])])])
        let line = try #require(lines.all.first)
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{2028}" })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["message"] as? String == nasty)
        let array = (object["metadata"] as? [String: Any])?[nasty] as? [Any]
        #expect(array?.first as? String == nasty)
    }

    @Test(arguments: [
        "api_key", "apiKey", "Authorization", "Set-Cookie", "webhook.secret", "password", "session-token",
    ])
    func secretsAreRedactedByKey(key: String) throws {
        logger().info("x", metadata: [key: "hunter2", "nested": .dictionary([key: "hunter2"])])
        let line = try #require(lines.all.first)
        #expect(!line.contains("hunter2"))
        #expect(line.contains("[redacted]"))
    }

    @Test(arguments: ["key_id", "task.id", "token_count", "keyboard", "lane.tokens"])
    func namesThatOnlyResembleSecretsStay(key: String) {
        logger().info("x", metadata: [key: "visible"])
        #expect(lines.all.first?.contains("visible") == true)
    }

    @Test func secretsAreRedactedByTheirLook() throws {
        logger().info("got rsh_abc123", metadata: ["header": "Bearer eyJ.a-b_c", "two": "rsh_one, rsh_two end"])
        let line = try #require(lines.all.first)
        for secret in ["abc123", "eyJ", "one,", "two end"] { #expect(!line.contains(secret)) }
        #expect(line.contains("rsh_[redacted], rsh_[redacted] end"))
    }
}
