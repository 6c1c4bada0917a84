import Foundation
import RushesClient
import RushesWire

/// A video in a local folder.
struct DownloadedVideo: Codable, Sendable, Equatable {
    /// The task's name in the sheet.
    let customID: String
    /// Where the file is.
    let path: String
    /// Length.
    let bytes: Int64
    /// Hash of the content in hexadecimal.
    let sha256: String

    private enum CodingKeys: String, CodingKey {
        case customID = "custom_id"
        case path, bytes, sha256
    }
}

/// Fetches all videos that a batch has so far.
struct VideoDownload {
    /// The server.
    let client: RushesClient
    /// The batch.
    let batch: String
    /// Where to; made when it is missing.
    let folder: String
    /// Files at the same time.
    let jobs: Int
    /// Whether files with other content are replaced.
    let overwrites: Bool

    /// Fetches them, a bounded number at a time; `onEach` hears of every file that is complete.
    func run(_ onEach: (DownloadedVideo) -> Void = { _ in }) async throws -> [DownloadedVideo] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var waiting = try await succeeded()[...]
        return try await withThrowingTaskGroup(of: DownloadedVideo.self) { group in
            var done: [DownloadedVideo] = []
            for line in waiting.prefix(jobs) { group.addTask { try await fetch(line) } }
            waiting = waiting.dropFirst(jobs)
            while let video = try await group.next() {
                onEach(video)
                done.append(video)
                if let line = waiting.popFirst() { group.addTask { try await fetch(line) } }
            }
            return done.sorted { $0.path < $1.path }
        }
    }

    private func succeeded() async throws -> [ResultLine] {
        var lines: [ResultLine] = []
        for try await line in try await client.results(of: batch) where line.asset != nil { lines.append(line) }
        return lines
    }

    private func fetch(_ line: ResultLine) async throws -> DownloadedVideo {
        guard let asset = line.asset, isFileName(line.customID) else {
            throw Complaint(message: "\(line.taskID): \(line.customID) cannot be a file's name")
        }
        let path = folder + "/" + line.customID + ".mp4"
        _ = try await client.download(asset, to: path, overwrites: overwrites)
        return DownloadedVideo(customID: line.customID, path: path, bytes: asset.bytes, sha256: asset.sha256)
    }

    /// The server allows only `[A-Za-z0-9._-]`; a server that does not must not write outside the folder.
    private func isFileName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != 0 }
    }
}
