import AsyncHTTPClient
import NIOHTTP1
package import RushesCore
package import RushesEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension VertexVeoProvider {
    /// Videos appear in the bucket when they are finished, after up to six minutes at peak.
    package var listingLagMilliseconds: Int64 { configuration.storage == nil ? 0 : 7 * 60_000 }
    private static var pagesMax: Int { 100 }

    /// The prefix of one attempt: `.../attempts/2026-11-25/tsk_...-1/`. The day keeps a listing short.
    func prefix(of tag: AttemptTag) -> StorageObject? {
        let day = exchange.environment.now().rfc3339.prefix(10)
        return configuration.storage.map { base in
            StorageObject(bucket: base.bucket, name: Self.folder(base, day: String(day)) + "\(tag)/")
        }
    }

    private static func folder(_ base: StorageObject, day: String) -> String {
        let start = base.name.isEmpty || base.name.hasSuffix("/") ? base.name : base.name + "/"
        return start + "attempts/\(day)/"
    }

    /// The finished videos of attempts; without a bucket there is nothing to look at.
    package func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] {
        guard let base = configuration.storage else {
            throw ProviderError(
                ProviderFault(.permanentRequest, message: "without a bucket the Vertex form of Veo has no listing"))
        }
        let now = exchange.environment.now()
        var jobs: [ListedJob] = []
        var day = since
        while true {
            let name = String(day.rfc3339.prefix(10))
            jobs += try await list(StorageObject(bucket: base.bucket, name: Self.folder(base, day: name)))
            if name >= now.rfc3339.prefix(10) { break }
            day = day.adding(seconds: 86_400)
        }
        return jobs.filter { $0.createdAt.seconds >= since.seconds }
    }

    private func list(_ folder: StorageObject) async throws(ProviderError) -> [ListedJob] {
        var jobs: [ListedJob] = []
        var token: String?
        for _ in 0..<Self.pagesMax {
            let page = try await page(of: folder, after: token)
            jobs += (page.items ?? []).compactMap { $0.job(in: folder) }
            guard let next = page.nextPageToken, !next.isEmpty else { return jobs }
            token = next
        }
        throw ProviderError(ProviderFault(.transient, message: "the bucket has more than \(Self.pagesMax) pages"))
    }

    private func page(of folder: StorageObject, after token: String?) async throws(ProviderError) -> StoragePage {
        let after = token.map { "&pageToken=" + PathSegment.encode($0) } ?? ""
        let query = "?prefix=" + PathSegment.encode(folder.name) + "&fields=items(name,timeCreated),nextPageToken"
        let url = configuration.storageURL + "/storage/v1/b/\(PathSegment.encode(folder.bucket))/o" + query + after
        let answer = try await readAuthorized { request(url, $0) }
        return try answer.googleValue(StoragePage.self, .vertex, on: .list, now: exchange.environment.now())
    }

    /// An adopted job is its video: while it is there, it is finished.
    func poll(_ object: StorageObject) async throws(ProviderError) -> PollOutcome {
        let answer = try await readAuthorized { request(url(of: object), $0) }
        if answer.status == 200 { return .completed }
        return answer.googlePollOutcome(.vertex, now: exchange.environment.now())
    }

    func download(_ object: StorageObject, consume: (DownloadEvent) async throws -> Void) async throws {
        // A token that was revoked meanwhile is found out here, where a second try costs nothing.
        let answer = try await readAuthorized { request(url(of: object), $0) }
        let now = exchange.environment.now
        guard answer.status == 200 else { throw ProviderError(answer.googleFault(.vertex, on: .job, now: now())) }
        let source = DownloadSource(
            url: url(of: object) + "?alt=media",
            credentials: ["Authorization": "Bearer \(try await tokens.token().reveal())"],
            credentialsOrigin: configuration.storageURL, hosts: .google,
            fault: { $0.googleFault(.vertex, on: .job, now: now()) })
        try await exchange.download(source, consume: consume)
    }

    private func url(of object: StorageObject) -> String {
        configuration.storageURL + "/storage/v1/b/\(PathSegment.encode(object.bucket))/o/"
            + PathSegment.encode(object.name)
    }
}

/// One page of a bucket's listing.
struct StoragePage: Decodable {
    let items: [Item]?
    let nextPageToken: String?

    struct Item: Decodable {
        let name: String
        let timeCreated: String

        /// The attempt's video; nil for everything else that stands there.
        func job(in folder: StorageObject) -> ListedJob? {
            guard name.hasPrefix(folder.name), name.hasSuffix(".mp4"),
                let attempt = AttemptTag(name.dropFirst(folder.name.count).prefix { $0 != "/" }),
                let created = Self.timestamp(timeCreated)
            else { return nil }
            return ListedJob(
                id: ProviderJobID(StorageObject(bucket: folder.bucket, name: name).description), createdAt: created,
                model: nil, prompt: nil, seconds: nil, size: nil, attempt: attempt)
        }

        private static func timestamp(_ text: String) -> Timestamp? {
            let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()]
            guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
            return Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
        }
    }
}
