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
    /// When the last task is expected to end.
    package let estimate: LaneEstimate
    /// The batch's window.
    package let windowHours: Int
    /// Why the wallet would refuse the batch now; nil when it would not.
    package let refusal: FreezeRefusal?
    /// The budgets that it would count for, as they are now.
    package let budgets: [Budget]

    /// True when the batch would be frozen now.
    package var canStart: Bool { refusal == nil && budgets.allSatisfy { $0.hasRoom(for: total) } }
    /// Free credits after the freeze; below zero when the wallet cannot pay.
    package var availableAfter: Credits { available - total }
}

extension BatchService {
    /// Creates a batch and freezes its cost, or answers again what an equal request under the same key was answered.
    ///
    /// Creations that wait for one wallet share a transaction; one that is refused changes nothing for the others.
    /// - Throws: `Refusal` (nothing is written and the key stays free), `DatabaseError`.
    package func create(
        _ draft: BatchDraft, by apiKey: APIKeyID? = nil, for organization: OrganizationID
    ) async throws -> BatchReceipt {
        let creation = try await read(draft, by: apiKey, for: organization)
        return try await engine.creations.answer(creation, of: organization) { group in
            do {
                return try await create(for: organization) { group.requests() }
            } catch let error as DatabaseError where error.mayBeOfOne && group.requests().count > 1 {
                return await createApart(group.requests(), for: organization)
            }
        }
    }

    /// What spoils the transaction of all may be in the text of one.
    private func createApart(
        _ creations: [BatchCreation], for organization: OrganizationID
    ) async -> [Result<BatchReceipt, any Error>] {
        var results: [Result<BatchReceipt, any Error>] = []
        for creation in creations {
            do {
                results += try await create([creation], for: organization)
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }

    /// Creates batches of one wallet in one transaction, each with a result of its own.
    ///
    /// - Throws: `DatabaseError`; then nothing is written.
    package func create(
        _ creations: [BatchCreation], for organization: OrganizationID
    ) async throws -> [Result<BatchReceipt, any Error>] {
        try await create(for: organization) { creations }
    }

    /// The same with those that there are once the wallet is locked.
    private func create(
        for organization: OrganizationID, _ creations: @escaping @Sendable () -> [BatchCreation]
    ) async throws -> [Result<BatchReceipt, any Error>] {
        let engine = engine
        let results = try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            var group = try BatchCreations(of: organization, engine, in: transaction, creations)
            let results = try group.decide()
            try group.write()
            return results
        }
        engine.signals.dispatcher.wake()
        return results
    }

    /// What the batch would cost; the key is not looked at and nothing is written.
    ///
    /// - Throws: `Refusal` when the input is invalid, `DatabaseError`.
    package func quote(
        _ draft: BatchDraft, by apiKey: APIKeyID? = nil, for organization: OrganizationID
    ) async throws -> Quote {
        let engine = engine
        return try await engine.database.read { reader in
            let book = try engine.catalogues.current(reader)
            let request = try BatchCreation(draft, by: apiKey, for: organization, under: book).request
            let model = try book.activeModel(request.model)
            guard let (route, lane) = try engine.startingRoute(of: model, reader) else {
                throw Refusal.modelUnavailable(model.id)
            }
            guard let row = try reader.wallet(organization) else { throw Refusal.notFound }
            let wallet = Wallet(
                organization: organization, lots: try reader.drawableLots(of: organization),
                isSuspended: row.isSuspended)
            let estimate = LaneEstimate(
                count: request.tasks.count, waiting: try reader.waitingTasks(in: route.lane), model: model,
                route: route, lane: lane, at: reader.now)
            return Quote(
                model: model, count: request.tasks.count, total: model.unitPrice * request.tasks.count,
                available: wallet.available(at: reader.now), priceVersion: book.version,
                estimate: estimate, windowHours: estimate.windowHours(requested: request.windowHours),
                refusal: wallet.refusal(count: request.tasks.count, model: model, at: reader.now),
                budgets: try reader.budgets(
                    for: [Budget.Subject](apiKey: apiKey, project: request.project), of: organization))
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
                events.map { Event($0, batch: id) }, to: organization, ids: ids)
            return batch
        }
        engine.signals.sweeper.wake()
        return batch
    }

    /// Reads a draft: under the book that is remembered, and when it is refused there, under the one in force. What was
    /// read under an older book is read again in the transaction.
    ///
    /// - Throws: `Refusal.unknownModel`, `Refusal.invalidInput`, `DatabaseError`.
    package func read(
        _ draft: BatchDraft, by apiKey: APIKeyID? = nil, for organization: OrganizationID
    ) async throws -> BatchCreation {
        if let book = engine.catalogues.remembered {
            do {
                return try BatchCreation(draft, by: apiKey, for: organization, under: book)
            } catch {
                // Refused under the book that is remembered, which may be an old one.
            }
        }
        let catalogues = engine.catalogues
        let book = try await engine.database.read { reader in try catalogues.current(reader) }
        return try BatchCreation(draft, by: apiKey, for: organization, under: book)
    }
}

extension DatabaseError {
    /// True when a statement was refused for its values, so that other values may go through.
    fileprivate var mayBeOfOne: Bool {
        switch kind {
        case .uniqueViolation, .constraintViolation, .decoding, .invalidStatement: true
        case .busy, .serialization, .connectionLost, .unavailable, .commitOutcomeUnknown, .fatal: false
        }
    }
}

extension Refusal {
    init(_ refusal: FreezeRefusal) {
        switch refusal {
        case .suspended: self = .walletSuspended
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
