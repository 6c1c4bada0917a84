internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
public import RushesWire

/// What a download did.
public enum DownloadOutcome: Sendable, Equatable {
    /// The file was fetched and checked.
    case stored
    /// The same file was there already.
    case present
}

extension RushesClient {
    /// Fetches a stored video into a file.
    ///
    /// The bytes go to `path.part`, resume from there after an interruption, are checked by length and SHA-256, and
    /// only then get the name `path`. A file that is there with other content is kept unless `overwrites` is set.
    ///
    /// - Throws: `RushesClientError`; `.damaged` when the bytes are not the stored ones.
    public func download(
        _ asset: ResultAsset, to path: String, overwrites: Bool = false
    ) async throws -> DownloadOutcome {
        if let existing = try FileDigest.reading(path) {
            if existing.matches(asset) { return .present }
            guard overwrites else {
                throw RushesClientError.file(path: path, reason: "exists with other content; nothing was overwritten")
            }
        }
        var attempt = 1
        while true {
            do {
                try await fetch(asset, to: path)
                return .stored
            } catch let error as RushesClientError {
                guard let pause = exchange.retry.pauseAfter(attempt: attempt, error: error) else { throw error }
                try await exchange.retry.pause(pause)
                attempt += 1
            }
        }
    }

    /// Continues the `.part` file, checks the whole, gives it its name.
    private func fetch(_ asset: ResultAsset, to path: String) async throws {
        var part = try PartFile(path: path + ".part")
        defer { part.close() }
        let isResumed = part.digest.bytes > 0
        if part.digest.bytes != asset.bytes { try await append(asset, to: &part) }
        if isResumed, !part.digest.matches(asset) {
            // What an earlier run left was not this video's beginning.
            try part.restart()
            try await append(asset, to: &part)
        }
        guard part.digest.matches(asset) else {
            try part.restart()
            throw RushesClientError.damaged("\(asset.id) arrived with other bytes than were stored; nothing was kept")
        }
        try part.finish(as: path)
    }

    private func append(_ asset: ResultAsset, to part: inout PartFile) async throws {
        var headers: [(String, String)] = []
        if part.digest.bytes > asset.bytes { try part.restart() }
        if part.digest.bytes > 0 {
            headers = [("Range", "bytes=\(part.digest.bytes)-"), ("If-Range", "\"\(asset.sha256)\"")]
        }
        let response = try await exchange.stream(.get(asset.contentPath, headers: headers, timeoutSeconds: 3_600))
        // 200 instead of 206: the whole file comes again.
        if response.status != .partialContent, part.digest.bytes > 0 { try part.restart() }
        do {
            for try await chunk in response.body {
                try part.append([UInt8](chunk.readableBytesView))
                if part.digest.bytes > asset.bytes { break }
            }
        } catch let error as RushesClientError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw exchange.unreachable(error)
        }
    }
}
