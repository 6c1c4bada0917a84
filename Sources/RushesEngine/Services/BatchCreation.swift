import RushesCore
import RushesDatabase
import RushesStore

/// One creation on its way into a transaction: a draft, and the request that it is under the price book of its reading.
package struct BatchCreation: Sendable {
    let draft: BatchDraft
    /// The API key that asks.
    let apiKey: APIKeyID?
    /// The version of the price book that it was read under.
    let version: Int
    let request: BatchRequest
    let hash: String

    /// Reads a draft.
    ///
    /// A retired model still reads: an equal repeat of an old request is answered, a new one is refused later.
    /// - Throws: `Refusal.unknownModel`, `Refusal.invalidInput`.
    init(
        _ draft: BatchDraft, by apiKey: APIKeyID?, for organization: OrganizationID, under book: PriceBook
    ) throws(Refusal) {
        guard let model = book.catalogue.model(draft.model) else { throw .unknownModel(draft.model) }
        do {
            request = try draft.validated(for: organization, model: model)
        } catch {
            throw .invalidInput(error)
        }
        self.draft = draft
        self.apiKey = apiKey
        version = book.version
        hash = sha256Hex(request.canonicalBytes)
    }

    /// The same draft under the book in force, when that is another one.
    func read(under book: PriceBook) throws(Refusal) -> BatchCreation {
        book.version == version
            ? self : try BatchCreation(draft, by: apiKey, for: request.organization, under: book)
    }
}

/// Creations of one wallet that share a transaction: each is decided on what the ones before it have left, and what
/// they write is written together.
struct BatchCreations {
    private let book: PriceBook
    private let engine: Engine
    private let transaction: any SQLTransaction
    private let creations: [BatchCreation]
    private var wallet: WalletRow
    private let lots: [Lot]
    /// Lots as the creations decided so far leave them.
    private var lotsLeft: [Lot]
    /// Budgets that the creations count for, as those decided so far leave them.
    private var budgets: BudgetUse
    /// Batches of keys that were there before, or are decided.
    private var known: [String: KnownRequest]
    private var decided: [(plan: BatchPlan, hash: String)] = []
    /// Where batches of a model begin.
    private var routes: [String: (route: ProviderRoute, lane: Lane?)] = [:]
    /// Tasks that wait in a lane, with those of the creations decided so far.
    private var waitingTasks: [LaneID: Int] = [:]

    /// Locks a wallet, asks for its creations, and reads what they are decided on.
    ///
    /// - Throws: `Refusal.notFound` without such an organization, `DatabaseError`.
    init(
        of organization: OrganizationID, _ engine: Engine, in transaction: any SQLTransaction,
        _ creationsOfWallet: () -> [BatchCreation]
    ) throws {
        let (version, locked) = try transaction.read(
            .priceBookVersion(at: transaction.now), .lockedWallet(organization, transaction.dialect))
        guard let wallet = locked else { throw Refusal.notFound }
        let book = try engine.catalogues.current(version: version, transaction)
        let creations = creationsOfWallet()
        let (ids, firstLots) = try transaction.read(
            .batchIDs(ofRequests: creations.map(\.draft.requestID), of: organization),
            .firstDrawableLots(of: organization, at: transaction.now))
        self.creations = creations
        self.book = book
        self.engine = engine
        self.transaction = transaction
        self.wallet = wallet
        known = try transaction.batches(withRequestIDs: ids, of: organization)
            .mapValues { KnownRequest(batch: $0.batch, hash: $0.requestHash, request: nil) }
        budgets = try BudgetUse(
            creations.map { [Budget.Subject](apiKey: $0.apiKey, project: $0.draft.project) }, of: wallet,
            in: transaction)
        lots = try transaction.drawableLots(
            of: organization, covering: Self.creditsLookedAt(creations, book), first: firstLots)
        lotsLeft = lots
    }

    /// What decides on creations: what they all cost, and behind it what a minimum batch costs.
    private static func creditsLookedAt(_ creations: [BatchCreation], _ book: PriceBook) -> Credits {
        let models = creations.compactMap { creation in
            book.catalogue.model(creation.draft.model).map { (model: $0, tasks: creation.request.tasks.count) }
        }
        let minimum = models.map { $0.model.unitPrice * $0.model.minBatch }.max() ?? .zero
        return models.reduce(minimum) { $0 + $1.model.unitPrice * $1.tasks }
    }

    /// Decides the creations, one after the other.
    ///
    /// - Throws: `DatabaseError`; a refusal is the creation's own result.
    mutating func decide() throws -> [Result<BatchReceipt, any Error>] {
        var results: [Result<BatchReceipt, any Error>] = []
        for creation in creations {
            do {
                results.append(.success(try receipt(of: try creation.read(under: book))))
            } catch let refusal as Refusal {
                results.append(.failure(refusal))
            }
        }
        return results
    }

    private mutating func receipt(of creation: BatchCreation) throws -> BatchReceipt {
        let request = creation.request
        if let first = known[request.requestID] {
            try transaction.expectEqual(creation, to: first)
            return BatchReceipt(batch: first.batch.asCreated, isReplay: true)
        }
        let model = try book.activeModel(request.model)
        try budgets.expectRoom(
            for: model.unitPrice * request.tasks.count,
            of: [Budget.Subject](apiKey: creation.apiKey, project: request.project))
        let plan = try plan(creation, model: model, route: try route(of: model))
        budgets.count(plan.batch)
        for part in plan.hold.parts {
            guard let index = lotsLeft.firstIndex(where: { $0.id == part.lot }) else {
                preconditionFailure("a hold takes from the lots that it was decided on")
            }
            lotsLeft[index].hold(part.amount)
        }
        waitingTasks[plan.batch.lane, default: 0] += plan.tasks.count
        known[request.requestID] = KnownRequest(batch: plan.batch, hash: creation.hash, request: request)
        decided.append((plan, creation.hash))
        return BatchReceipt(batch: plan.batch, isReplay: false)
    }

    private mutating func route(of model: VideoModel) throws -> (route: ProviderRoute, lane: Lane?) {
        if let known = routes[model.id] { return known }
        guard let route = try engine.startingRoute(of: model, transaction) else {
            throw Refusal.modelUnavailable(model.id)
        }
        routes[model.id] = route
        return route
    }

    private mutating func plan(
        _ creation: BatchCreation, model: VideoModel, route start: (route: ProviderRoute, lane: Lane?)
    ) throws -> BatchPlan {
        let request = creation.request
        let route = start.route
        let lane = route.lane
        let waiting = try waitingTasks[lane] ?? transaction.waitingTasks(in: lane)
        waitingTasks[lane] = waiting
        do {
            return try BatchPlan.make(
                request, by: creation.apiKey, model: model, route: route, priceVersion: book.version,
                wallet: Wallet(
                    organization: request.organization, lots: lotsLeft, isSuspended: wallet.isSuspended),
                estimate: LaneEstimate(
                    count: request.tasks.count, waiting: waiting, model: model, route: route, lane: start.lane,
                    at: transaction.now),
                at: transaction.now, ids: engine.environment.ids)
        } catch {
            throw Refusal(error)
        }
    }

    /// Writes everything that was decided.
    ///
    /// - Throws: `DatabaseError`.
    mutating func write() throws {
        if decided.isEmpty { return }
        try transaction.insert(decided.map { ($0.plan.batch, requestHash: $0.hash) })
        try transaction.insert(decided.flatMap(\.plan.tasks))
        try transaction.freezeCreditsForBatches(
            decided.map(\.plan.hold), wallet: &wallet, lots: lots, ids: engine.environment.ids)
        try budgets.write(in: transaction)
        try transaction.append(
            decided.map { Event(.batchQueued, batch: $0.plan.batch.id) },
            to: wallet.organization, ids: engine.environment.ids)
    }
}

/// The batch of a key, and its request where that is at hand.
private struct KnownRequest {
    let batch: Batch
    let hash: String
    let request: BatchRequest?
}

extension SQLTransaction {
    /// Compares a repeated request with the first one under its key.
    ///
    /// - Throws: `Refusal.idempotencyMismatch` with the pointer of the first difference.
    fileprivate func expectEqual(_ creation: BatchCreation, to first: KnownRequest) throws {
        if first.hash == creation.hash { return }
        // What the first request said went with its tasks.
        if first.batch.tasksRemovedAt != nil { throw Refusal.idempotencyMismatch(pointer: "") }
        let stored = try first.request ?? request(of: first.batch)
        throw Refusal.idempotencyMismatch(pointer: stored.firstDifference(from: creation.request) ?? "")
    }

    private func request(of batch: Batch) throws(DatabaseError) -> BatchRequest {
        let tasks = try tasks(of: batch.id, after: -1, states: [], limit: Limits.tasksPerBatchMax)
        return BatchRequest(
            organization: batch.organization, requestID: batch.requestID, model: batch.model, name: batch.name,
            tasks: tasks.map(\.specification), metadata: batch.metadata, maxConcurrency: batch.maxConcurrency,
            windowHours: batch.windowHours, project: batch.project)
    }
}
