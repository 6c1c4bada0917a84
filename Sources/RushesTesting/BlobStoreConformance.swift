import Crypto
import RushesCore
package import RushesEngine
import Testing

/// What every implementation of the `BlobStore` port does; run each case on an empty store of its own.
package enum BlobStoreConformance {
    /// The longest blob that a store under test takes, so that its limit can be reached quickly.
    package static let bytesMax: Int64 = 3 * 1_024 * 1_024

    private struct Broken: Error {}
    private static let key = BlobKey("org_1/ast_1.mp4")

    /// All rules.
    package static var cases: [ConformanceCase<any BlobStore>] {
        [
            ConformanceCase("what was written is read, counted and hashed") { store in
                let content = bytes(700_001)
                let stored = try await write(content, as: key, to: store, pieces: 10_000)
                #expect(stored == StoredBlob(key: key, bytes: 700_001, sha256: sha256(content)))
                #expect(try await store.length(of: key) == 700_001)
                #expect(try await read(key, from: store) == content)
            },
            ConformanceCase("an empty blob is a blob") { store in
                let stored = try await write([], as: key, to: store)
                #expect(stored == StoredBlob(key: key, bytes: 0, sha256: sha256([])))
                #expect(try await store.length(of: key) == 0)
                #expect(try await read(key, from: store) == [])
            },
            ConformanceCase("a range gives exactly its bytes, in chunks that are not too long") { store in
                let content = bytes(2 * Limits.blobChunkBytes + 10)
                try await write(content, as: key, to: store)
                for range: Range<Int64> in [0..<1, 5..<5, 1..<Int64(content.count), 262_140..<262_150] {
                    let expected = Array(content[Int(range.lowerBound)..<Int(range.upperBound)])
                    #expect(try await read(key, range: range, from: store) == expected)
                }
            },
            ConformanceCase("a range beyond the end is an error, after the bytes that there are") { store in
                try await write(bytes(100), as: key, to: store)
                await expectFailure(.failed) { _ = try await read(key, range: 90..<101, from: store) }
            },
            ConformanceCase("a reader may stop early") { store in
                try await write(bytes(100), as: key, to: store)
                await #expect(throws: Broken.self) { try await store.read(key, range: 0..<100) { _ in throw Broken() } }
            },
            ConformanceCase("writing again replaces") { store in
                try await write(bytes(100), as: key, to: store)
                try await write(bytes(50), as: key, to: store)
                let content = try await read(key, from: store)
                #expect(content == bytes(50))
            },
            ConformanceCase("a producer that fails leaves nothing") { store in
                await #expect(throws: Broken.self) {
                    try await store.write(key) { sink in
                        try await sink.append(bytes(1_000))
                        throw Broken()
                    }
                }
                let length = try await store.length(of: key)
                #expect(length == nil)
            },
            ConformanceCase("a blob that is too long is refused and leaves nothing") { store in
                let content = bytes(Int(bytesMax))
                try await write(content, as: BlobKey("exactly"), to: store)
                await expectFailure(.tooLarge) { try await write(content + [1], as: key, to: store, pieces: 65_536) }
                #expect(try await store.length(of: key) == nil)
                #expect(try await store.length(of: BlobKey("exactly")) == bytesMax)
            },
            ConformanceCase("a blob that is not there has no length, cannot be read and may be deleted") { store in
                #expect(try await store.length(of: key) == nil)
                await expectFailure(.missing) { _ = try await read(key, range: 0..<1, from: store) }
                try await store.delete(key)
            },
            ConformanceCase("a deleted blob is gone, its neighbours stay") { store in
                let neighbour = BlobKey("org_1/ast_2.mp4")
                try await write(bytes(10), as: key, to: store)
                try await write(bytes(20), as: neighbour, to: store)
                try await store.delete(key)
                #expect(try await store.length(of: key) == nil)
                #expect(try await store.length(of: neighbour) == 20)
            },
            ConformanceCase("two writers of one key leave the whole of one") { store in
                let contents = [bytes(400_000), bytes(300_000)]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for content in contents {
                        group.addTask { _ = try await write(content, as: key, to: store, pieces: 1_000) }
                    }
                    try await group.waitForAll()
                }
                let content = try await read(key, from: store)
                #expect(contents.contains(content))
            },
            ConformanceCase("keys may have folders") { store in
                try await write(bytes(1), as: BlobKey("a/b/c/d.mp4"), to: store)
                try await write(bytes(2), as: BlobKey("a/b/e.mp4"), to: store)
                #expect(try await store.length(of: BlobKey("a/b/c/d.mp4")) == 1)
                #expect(try await store.length(of: BlobKey("a/b")) == nil)
            },
            ConformanceCase("a working store says that it can be written") { store in
                try await store.checkWritable()
            },
        ]
    }

    @discardableResult
    private static func write(
        _ content: [UInt8], as key: BlobKey, to store: any BlobStore, pieces: Int = 100_000
    ) async throws -> StoredBlob {
        try await store.write(key) { sink in
            for start in stride(from: 0, to: content.count, by: pieces) {
                try await sink.append(Array(content[start..<min(start + pieces, content.count)]))
            }
        }
    }

    private static func read(
        _ key: BlobKey, range: Range<Int64>? = nil, from store: any BlobStore
    ) async throws -> [UInt8] {
        let whole = try await 0..<(store.length(of: key) ?? 0)
        var content: [UInt8] = []
        try await store.read(key, range: range ?? whole) { chunk in
            #expect(!chunk.isEmpty && chunk.count <= Limits.blobChunkBytes)
            content += chunk
        }
        return content
    }

    private static func expectFailure(_ kind: BlobError.Kind, _ work: () async throws -> Void) async {
        let error = await #expect(throws: BlobError.self) { try await work() }
        #expect(error?.kind == kind)
    }

    /// Bytes without a short period, the same for the same count.
    private static func bytes(_ count: Int) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(count))
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).description.split(separator: " ").last.map(String.init) ?? ""
    }
}
