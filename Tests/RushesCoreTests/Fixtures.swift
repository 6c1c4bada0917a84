import RushesCore

/// Random choices that a seed repeats.
struct Chance {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
    mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }
    mutating func one(in bound: Int) -> Bool { below(bound) == 0 }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.dropFirst().reversed() { result.swapAt(index, below(index + 1)) }
        return result
    }
}

/// Identifiers with small numbers in them, in rising order.
func id<Kind: Identified>(_ number: Int, _ kind: Kind.Type = Kind.self) -> Identifier<Kind> {
    Identifier(at: Timestamp(milliseconds: 0), randomHigh: 0, randomLow: UInt64(number))
}

func moment(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + milliseconds) }
func credits(_ micros: Int64) -> Credits { Credits(micros: micros) }
func dollars(_ micros: Int64) -> Dollars { Dollars(micros: micros) }

let veoPrice = credits(5_990_000)
let soraPrice = credits(490_000)

func model(
    _ id: String = "veo-pro", price: Credits = veoPrice, minBatch: Int = 5, maxBatch: Int = 10_000,
    seconds: [Int] = [8, 4, 6], sizes: [String] = ["1280x720", "720x1280"], sla: Int = 600, deadline: Int = 600,
    provider: String = "sandbox", inFlight: Int = 50, perMinute: Int = 600,
    policy: VideoModel.UnknownCreatePolicy = .fail
) -> VideoModel {
    VideoModel(
        id: id, displayName: id, unitPrice: price, minBatch: minBatch, maxBatch: maxBatch, seconds: seconds,
        sizes: sizes, slaSeconds: sla, deadlineSeconds: deadline,
        route: ProviderRoute(provider: provider, model: id, maxInFlight: inFlight, createsPerMinute: perMinute),
        unknownCreatePolicy: policy)
}

func lot(
    _ number: Int, paid: Int64, face: Int64, origin: LotOrigin = .package, expiresAt: Timestamp? = nil
) -> Lot {
    Lot(
        granting: credits(face), paid: dollars(paid), origin: origin, id: id(number), sequence: number,
        expiresAt: expiresAt)
}

func wallet(_ lots: [Lot]) -> Wallet { Wallet(organization: id(1), lots: lots) }

func fault(_ class: ProviderFault.Class, retryAfter: Int64? = nil) -> ProviderFault {
    ProviderFault(`class`, code: "code", message: "words", retryAfterMilliseconds: retryAfter)
}

/// A task in any state, at its first attempt, dispatched at `moment(0)` with a deadline of 600 s.
func task(_ state: VideoTask.State, change: (inout VideoTask.Progress) -> Void = { _ in }) -> VideoTask {
    let created = VideoTask(
        id: id(1), batch: id(1), organization: id(1), lane: LaneID("sandbox:veo-pro"), index: 0,
        specification: TaskSpecification(customID: "a", prompt: "p", seconds: 8, size: "1280x720"),
        createdAt: moment(0))
    let wasDispatched = state != .queued
    var progress = VideoTask.Progress(
        state: state, attempt: wasDispatched ? 1 : 0, generations: wasDispatched ? 1 : 0, blindResubmissions: 0,
        tries: 0, dueAt: moment(0), dispatchedAt: wasDispatched ? moment(0) : nil,
        deadlineAt: wasDispatched ? moment(600_000) : nil,
        job: state == .running || state == .storing ? ProviderJobID("job") : nil, failure: nil,
        finishedAt: state.isTerminal ? moment(1) : nil, asset: state == .succeeded ? id(1) : nil)
    change(&progress)
    return VideoTask(created: created, stored: progress)
}

func batch(
    total: Int, queued: Int? = nil, running: Int = 0, succeeded: Int = 0, failed: Int = 0,
    status: Batch.Status = .queued, posted: (succeeded: Int, failed: Int) = (0, 0), due: Timestamp? = nil,
    price: Credits = veoPrice
) -> Batch {
    let counts = BatchCounts(
        total: total, queued: queued ?? total - running - succeeded - failed, running: running, succeeded: succeeded,
        failed: failed)
    return Batch(
        id: id(1), organization: id(1), requestID: "r", model: "veo-pro", lane: LaneID("sandbox:veo-pro"), name: nil,
        metadata: [:], maxConcurrency: nil, windowHours: nil, unitPrice: price, priceVersion: 1, slaSeconds: 120,
        createdAt: moment(0),
        windowEndsAt: moment(86_400_000),
        stored: Batch.Progress(
            status: status, counts: counts, postedSucceeded: posted.succeeded, postedFailed: posted.failed,
            instalments: 0, settleDueAt: due, startedAt: nil, finishedAt: nil, cancelRequestedAt: nil))
}
