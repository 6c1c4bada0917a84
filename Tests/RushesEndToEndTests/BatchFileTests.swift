import RushesClient
import Testing

/// The key that makes a repeated submission harmless.
struct BatchFileTests {
    @Test("the derived request id depends on content, model, name and format, and on nothing else")
    func derivedRequestID() {
        let file = BatchFile(format: .csv, bytes: Array("prompt\nfox\n".utf8), model: "sora-2", name: "foxes")
        let key = file.derivedRequestID
        #expect(key.count == 45 && key.hasPrefix("file-"))
        #expect(file.derivedRequestID == key)
        var other = file
        other.bytes.append(10)
        #expect(other.derivedRequestID != key)
        other = file
        other.model = "veo-pro"
        #expect(other.derivedRequestID != key)
        other = file
        other.name = nil
        #expect(other.derivedRequestID != key)
    }

    @Test("the file's name tells the format")
    func format() {
        #expect(BatchFile.Format(path: "a/b.CSV") == .csv)
        #expect(BatchFile.Format(path: "b.jsonl") == .jsonl)
        #expect(BatchFile.Format(path: "b.json") == .json)
        #expect(BatchFile.Format(path: "b.xlsx") == nil)
    }
}
