package import RushesCore
import RushesDatabase
import RushesStore

/// What customers do with batches.
package struct BatchService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }
}

/// The answer to a creation.
package struct BatchReceipt: Sendable, Equatable {
    /// The batch as it was created.
    package let batch: Batch
    /// True when an equal request under the same key had created it before.
    package let isReplay: Bool
}

/// What a batch would cost and when it would be done; nothing is written.
package struct Quote: Sendable, Equatable {
    /// The model.
    package let model: VideoModel
    /// Tasks.
    package let count: Int
    /// The whole cost.
    package let total: Credits
    /// Free credits now.
    package let available: Credits
    /// The price book that the price comes from.
    package let priceVersion: Int
    /// Seconds until the last task is expected to end.
    package let etaSeconds: Int
    /// The batch's window.
    package let windowHours: Int
    /// Why the batch would be refused now; nil when it can start.
    package let refusal: FreezeRefusal?

    /// Free credits after the freeze; below zero when the wallet cannot pay.
    package var availableAfter: Credits { available - total }
}

extension BatchService {
    /// Creates a batch and freezes its cost, or answers again what an equal request under the same key was answered.
    ///
    /// - Throws: `Refusal` (nothing is written and the key stays free), `DatabaseError`.
    package func create(_ draft: BatchDraft, for organization: OrganizationID) async throws -> BatchReceipt {
        let engine = engine
        let request = try await validated(draft, for: organization)
        let hash = sha256Hex(request.canonicalBytes)
        let receipt = try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard var wallet = try transaction.lockWallet(organization) else { throw Refusal.notFound }
            if let first = try transaction.batch(requestID: request.requestID, of: organization) {
                try transaction.expectEqual(request, hash: hash, to: first)
                return BatchReceipt(batch: first.batch.asCreated, isReplay: true)
            }
            let book = try engine.catalogues.current(transaction)
            let model = try book.activeModel(request.model)
            let lots = try transaction.drawableLots(of: organization)
            let plan = try plan(request, model: model, book: book, lots: lots, in: transaction)
            try transaction.insert(plan.batch, requestHash: hash)
            try transaction.insert(plan.tasks)
            _ = try transaction.freezeCreditsForBatch(
                plan.hold, wallet: &wallet, lots: lots, ids: engine.environment.ids)
            try transaction.append(
                [Event(type: BatchEvent.queued.rawValue, batch: plan.batch.id)], to: organization,
                ids: engine.environment.ids)
            return BatchReceipt(batch: plan.batch, isReplay: false)
        }
        engine.signals.dispatcher.wake()
        return receipt
    }

    /// What the batch would cost; the key is not looked at and nothing is written.
    ///
    /// - Throws: `Refusal` when the input is invalid, `DatabaseError`.
    package func quote(_ draft: BatchDraft, for organization: OrganizationID) async throws -> Quote {
        let engine = engine
        let request = try await validated(draft, for: organization)
        return try await engine.database.read { reader in
            let book = try engine.catalogues.current(reader)
            let model = try book.activeModel(request.model)
            let wallet = Wallet(organization: organization, lots: try reader.drawableLots(of: organization))
            let estimate = LaneEstimate(
                count: request.tasks.count, waiting: try reader.waitingTasks(in: model.route.lane), model: model)
            return Quote(
                model: model, count: request.tasks.count, total: model.unitPrice * request.tasks.count,
                available: wallet.available(at: reader.now), priceVersion: book.version,
                etaSeconds: estimate.etaSeconds, windowHours: estimate.windowHours(requested: request.windowHours),
                refusal: wallet.refusal(count: request.tasks.count, model: model, at: reader.now))
        }
    }

    /// Asks that nothing more of a batch be dispatched; a repeat changes nothing. Answers the batch as it is then.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func cancel(_ id: BatchID, of organization: OrganizationID) async throws -> Batch {
        let ids = engine.environment.ids
        let batch = try await engine.database.writeByKey { transaction in
            guard var batch = try transaction.lockBatch(id), batch.organization == organization else {
                throw Refusal.notFound
            }
            let events = batch.requestCancel(at: transaction.now)
            if events.isEmpty { return batch }
            try transaction.save(batch)
            try transaction.append(
                events.map { Event(type: $0.rawValue, batch: id) }, to: organization, ids: ids)
            return batch
        }
        engine.signals.sweeper.wake()
        return batch
    }

    private func validated(_ draft: BatchDraft, for organization: OrganizationID) async throws -> BatchRequest {
        let catalogues = engine.catalogues
        let book = try await engine.database.read { reader in try catalogues.current(reader) }
        // A retired model still validates: an equal repeat of an old request is answered, a new one is refused later.
        guard let model = book.catalogue.model(draft.model) else { throw Refusal.unknownModel(draft.model) }
        do {
            return try draft.validated(for: organization, model: model)
        } catch {
            throw Refusal.invalidInput(error)
        }
    }

    private func plan(
        _ request: BatchRequest, model: VideoModel, book: PriceBook, lots: [Lot], in transaction: any SQLTransaction
    ) throws -> BatchPlan {
        let wallet = Wallet(organization: request.organization, lots: lots)
        let estimate = LaneEstimate(
            count: request.tasks.count, waiting: try transaction.waitingTasks(in: model.route.lane), model: model)
        do {
            return try BatchPlan.make(
                request, model: model, priceVersion: book.version, wallet: wallet, estimate: estimate,
                at: transaction.now, ids: engine.environment.ids)
        } catch {
            throw Refusal(error)
        }
    }
}

extension Refusal {
    init(_ refusal: FreezeRefusal) {
        switch refusal {
        case .insufficientCredits(let needed, let available):
            self = .insufficientCredits(needed: needed, available: available)
        case .belowMinimum(let count, let minimum):
            self = .belowMinimum(count: count, minimum: minimum)
        }
    }
}

extension PriceBook {
    /// A model that takes new batches.
    ///
    /// - Throws: `Refusal.unknownModel`, `Refusal.modelRetired`.
    func activeModel(_ id: String) throws(Refusal) -> VideoModel {
        guard let model = catalogue.model(id) else { throw .unknownModel(id) }
        switch model.state {
        case .active: return model
        case .retired: throw .modelRetired(id)
        }
    }
}

extension SQLTransaction {
    /// Compares a repeated request with the first one under its key.
    ///
    /// - Throws: `Refusal.idempotencyMismatch` with the pointer of the first difference.
    fileprivate func expectEqual(
        _ request: BatchRequest, hash: String, to first: (batch: Batch, requestHash: String)
    ) throws {
        if first.requestHash == hash { return }
        let tasks = try tasks(of: first.batch.id, after: -1, states: [], limit: Limits.tasksPerBatchMax)
        let stored = BatchRequest(
            organization: request.organization, requestID: request.requestID, model: first.batch.model,
            name: first.batch.name, tasks: tasks.map(\.specification), metadata: first.batch.metadata,
            maxConcurrency: first.batch.maxConcurrency, windowHours: first.batch.windowHours)
        throw Refusal.idempotencyMismatch(pointer: stored.firstDifference(from: request) ?? "")
    }
}
