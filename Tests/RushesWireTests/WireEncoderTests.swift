import Foundation
import RushesWire
import Testing

/// Our own writer makes the bytes that Foundation's makes, which clients have seen since the first release.
@Suite("The writer of answers")
struct WireEncoderTests {
    private func expectSame(_ body: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let expected = String(decoding: try encoder.encode(body), as: UTF8.self)
        #expect(String(decoding: try WireJSON.encode(body), as: UTF8.self) == expected)
    }

    @Test("every control character, quotes, slashes, and what is not ASCII")
    func texts() throws {
        let scalars = (0..<0x2100).compactMap { UnicodeScalar(UInt32($0)) }.map(String.init)
        try expectSame(scalars)
        try expectSame([scalars.joined(), "\u{1F3AC} 紙の船 e\u{301}", "\"\\/</script>", ""])
        try expectSame(["b/\"\n": "1", "a": "2", "ä": "3", "B": "4", "": "5"])
    }

    @Test("bodies with nothing, nulls, lists in lists and numbers at their ends")
    func bodies() throws {
        var batch = BatchBody(
            id: "bat_1", requestID: "r/1", model: "sora-2", name: nil, status: "queued",
            counts: BatchCountsBody(total: 3, queued: 1, running: 1, succeeded: 1, failed: 0), unitPriceMicros: .max,
            frozenMicros: .min, chargedMicros: 0, refundedMicros: -1, heldMicros: 1, createdAt: "c", startedAt: "s",
            finishedAt: nil, cancelRequestedAt: nil, metadata: [:])
        try expectSame(batch)
        batch.metadata = ["z": "1", "a\u{7}": "\u{2028}"]
        try expectSame(ListBody(data: [batch, batch], nextCursor: "c"))
        try expectSame(ListBody<BatchBody>(data: [], nextCursor: nil))
        try expectSame(HealthBody(status: "ok", checks: [:]))
        try expectSame(
            CheckBody(ok: false, checked: ["a"], violations: [.init(invariant: "i", subject: "s", detail: "d")]))
        try expectSame(Numbers(small: -8, large: .max, list: [[1], [], [2, 3]], nothing: nil, flag: true))
    }

    private struct Numbers: Encodable {
        let small: Int8
        let large: UInt64
        let list: [[Int]]
        let nothing: Int?
        let flag: Bool
    }
}
