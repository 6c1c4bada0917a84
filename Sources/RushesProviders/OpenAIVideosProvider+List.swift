package import RushesCore
package import RushesEngine

extension OpenAIVideosProvider {
    /// Pages read for one listing at most; a longer one cannot prove that a job does not exist.
    private static var pagesMax: Int { 200 }

    package func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] {
        var listing = OpenAIListing(since: since, now: exchange.environment.now())
        for _ in 0..<Self.pagesMax {
            try listing.add(try await page(after: listing.lastID))
            if listing.isComplete { return listing.jobs }
        }
        throw ProviderError(ProviderFault(.transient, message: "the listing is longer than \(Self.pagesMax) pages"))
    }

    private func page(after last: String?) async throws(ProviderError) -> OpenAIPage {
        let after = last.map { "&after=" + PathSegment.encode($0) } ?? ""
        let answer = try await exchange.read(request("/videos?limit=100&order=desc" + after))
        guard answer.status == 200 else {
            throw ProviderError(answer.openAIFault(on: .list, now: exchange.environment.now()))
        }
        guard let page = answer.decode(OpenAIPage.self) else {
            throw ProviderError(ProviderFault(.unknown, message: "the listing cannot be read"))
        }
        return page
    }
}

/// A listing being read page by page, until it covers a moment.
struct OpenAIListing {
    private let since: Timestamp
    /// The latest moment at which a listed job was created.
    private let now: Timestamp
    private var isNewestFirst = true
    private var previous: Timestamp?
    private(set) var jobs: [ListedJob] = []
    private(set) var lastID: String?
    private(set) var isComplete = false

    init(since: Timestamp, now: Timestamp) {
        self.since = since
        self.now = now
    }

    /// Takes the next page.
    mutating func add(_ page: OpenAIPage) throws(ProviderError) {
        for video in page.data {
            if let video, let id = video.id { try add(video, id) } else { addNameless(video) }
        }
        // Behind a job without a name the one before it is asked for: what is read twice does no harm.
        let last = page.lastID ?? page.data.lazy.reversed().compactMap { $0?.id }.first
        if last == nil && !page.data.isEmpty && page.hasMore != false {
            throw ProviderError(ProviderFault(.unknown, message: "a page of the listing names no job to go on from"))
        }
        // Older servers ignore `order`; then only the end of the listing is an end.
        let isOlder = isNewestFirst && (previous.map { $0.seconds < since.seconds } ?? false)
        isComplete = page.data.isEmpty || page.hasMore == false || last == nil || isOlder
        guard isComplete || last != lastID else {
            throw ProviderError(ProviderFault(.unknown, message: "the listing repeats its page after \(last ?? "")"))
        }
        lastID = last
    }

    /// A job that nobody can ask for may be the one that is looked for all the same.
    private mutating func addNameless(_ video: OpenAIVideo?) {
        let createdAt = video?.createdAtSeconds.map { Timestamp(milliseconds: $0 * 1_000) } ?? now
        guard createdAt.seconds >= since.seconds else { return }
        jobs.append(
            ListedJob(
                id: nil, createdAt: createdAt, model: video?.model, prompt: video?.prompt, seconds: video?.seconds,
                size: video?.size))
    }

    private mutating func add(_ video: OpenAIVideo, _ id: String) throws(ProviderError) {
        guard let created = video.createdAtSeconds else {
            // A job that cannot be placed in time could be the one that is looked for.
            throw ProviderError(ProviderFault(.permanentRequest, message: "the listing has no creation times"))
        }
        let createdAt = Timestamp(milliseconds: created * 1_000)
        if let previous, createdAt > previous { isNewestFirst = false }
        previous = createdAt
        // The provider's times are whole seconds, rounded down.
        guard createdAt.seconds >= since.seconds else { return }
        jobs.append(
            ListedJob(
                id: ProviderJobID(id), createdAt: createdAt, model: video.model, prompt: video.prompt,
                seconds: video.seconds, size: video.size))
    }
}
