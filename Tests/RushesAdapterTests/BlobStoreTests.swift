import RushesCore
import RushesEngine
import RushesSimulation
import RushesTesting
import SystemPackage
import Testing

@testable import RushesBlobs

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Blob stores")
struct BlobStoreTests {
    @Test("disk", arguments: BlobStoreConformance.cases)
    func disk(_ rule: ConformanceCase<any BlobStore>) async throws {
        try await TemporaryFolder.with { folder in
            let root = folder + "/blobs"
            let store = try await DiskBlobStore.open(
                root, owner: "a", now: Timestamp(milliseconds: 0), bytesMax: BlobStoreConformance.bytesMax)
            try await rule.check(store)
            #expect(try parts(in: root).isEmpty)
        }
    }

    @Test("memory", arguments: BlobStoreConformance.cases)
    func memory(_ rule: ConformanceCase<any BlobStore>) async throws {
        try await rule.check(MemoryBlobStore(bytesMax: BlobStoreConformance.bytesMax))
    }

    @Test("a store keeps its blobs, and removes old left-overs only")
    func reopen() async throws {
        try await TemporaryFolder.with { folder in
            let root = folder + "/blobs"
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
            let first = try await DiskBlobStore.open(root, owner: "a", now: now)
            let key = BlobKey("org/video.mp4")
            _ = try await first.write(key) { try await $0.append([1, 2, 3]) }
            #expect(first.path(of: key) == root + "/org/video.mp4")
            // Two left-overs of a crash, under the names that the next writes would take.
            for name in ["a-1.part", "a-2.part"] {
                #expect(FileManager.default.createFile(atPath: root + "/.parts/" + name, contents: Data([1])))
            }
            let second = try await DiskBlobStore.open(root, owner: "a", now: now.adding(seconds: 60))
            #expect(try parts(in: root) == ["a-1.part", "a-2.part"])
            _ = try await second.write(BlobKey("org/other.mp4")) { try await $0.append([1]) }
            #expect(try await second.length(of: key) == 3)
            _ = try await DiskBlobStore.open(root, owner: "a", now: now.adding(seconds: 3_700))
            #expect(try parts(in: root).isEmpty)
        }
    }

    @Test("a process whose unfinished file was swept publishes nothing, least of all what another one is writing")
    func twoProcesses() async throws {
        try await TemporaryFolder.with { folder in
            let root = folder + "/blobs"
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
            let stopped = try await DiskBlobStore.open(root, owner: "a", now: now)
            let (lateKey, key) = (BlobKey("org/late.mp4"), BlobKey("org/video.mp4"))
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let (goesOn, goOn) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: BlobError.self) {
                        try await stopped.write(lateKey) { sink in
                            try await sink.append([1, 2, 3])
                            begin.finish()
                            for await _ in goesOn {}
                        }
                    }
                }
                for await _ in begun {}
                // Two hours later another process starts, sweeps, and is in the middle of a write when the first goes
                // on.
                let other = try await DiskBlobStore.open(root, owner: "b", now: now.adding(seconds: 7_200))
                #expect(try parts(in: root).isEmpty)
                _ = try await other.write(key) { sink in
                    try await sink.append([7])
                    goOn.finish()
                    try await group.waitForAll()
                    #expect(try parts(in: root) == ["b-1.part"])
                    try await sink.append([8])
                }
            }
            #expect(try await stopped.length(of: lateKey) == nil)
            #expect(try await stopped.length(of: key) == 2)
        }
    }

    @Test("a process that starts leaves the unfinished files of others alone")
    func startBesideOthers() async throws {
        try await TemporaryFolder.with { folder in
            let root = folder + "/blobs"
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
            let first = try await DiskBlobStore.open(root, owner: "a", now: now)
            let key = BlobKey("org/video.mp4")
            _ = try await first.write(key) { sink in
                try await sink.append([1, 2])
                let second = try await DiskBlobStore.open(root, owner: "b", now: now)
                try await second.checkWritable()
                _ = try await second.write(BlobKey("org/other.mp4")) { try await $0.append([5]) }
                #expect(try parts(in: root) == ["a-1.part"])
                try await sink.append([3])
            }
            #expect(try await first.length(of: key) == 3)
        }
    }

    @Test("a folder that cannot be made is told")
    func unusableFolder() async throws {
        try await TemporaryFolder.with { folder in
            #expect(FileManager.default.createFile(atPath: folder + "/file", contents: nil))
            for root in [folder + "/file", folder + "/file/blobs", folder + "/none/blobs"] {
                await #expect(throws: BlobError.self) {
                    try await DiskBlobStore.open(root, owner: "a", now: Timestamp(milliseconds: 0))
                }
            }
        }
    }

    @Test("the errors of files that callers tell apart")
    func errors() {
        #expect(BlobError("write", "a", Errno.noSpace).kind == .full)
        #expect(BlobError("write", "a", Errno.diskQuotaExceeded).kind == .full)
        #expect(BlobError("write", "a", Errno.fileTooLarge).kind == .tooLarge)
        #expect(BlobError("write", "a", Errno.ioError).kind == .failed)
    }

    @Test("a scripted store tears, is full, and fails")
    func scripted() async throws {
        let store = MemoryBlobStore { key in
            switch key.rawValue {
            case "tear": .tear(afterBytes: 4)
            case "full": .full
            case "failed": .failed
            default: nil
            }
        }
        for (name, kind) in [("tear", BlobError.Kind.failed), ("full", .full), ("failed", .failed)] {
            let error = await #expect(throws: BlobError.self) {
                try await store.write(BlobKey(name)) { sink in
                    try await sink.append([1, 2, 3])
                    try await sink.append([4, 5])
                }
            }
            #expect(error?.kind == kind)
        }
        _ = try await store.write(BlobKey("fine")) { try await $0.append([1]) }
        #expect(store.keys == [BlobKey("fine")])
    }

    private func parts(in root: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/.parts").sorted()
    }
}
