import RushesCore
import RushesDatabase
import RushesStore

/// Turns events into deliveries: renders each body once, and queues it for every endpoint that takes it. It also moves
/// what waited for an endpoint, and makes the deliveries that customers ask for once more.
package struct Announcer: Worker {
    package let name = "announcer"
    private let engine: Engine
    private let tools: WebhookTools
    private static let organizationsPerStep = 32

    /// An Announcer of an engine.
    package init(_ engine: Engine, _ tools: WebhookTools) {
        self.engine = engine
        self.tools = tools
    }

    package func step() async throws -> Int {
        let database = tools.database
        var moved = try await announceProgress()
        let organizations = try await database.read { reader in
            try reader.organizationsToFanOut(limit: Self.organizationsPerStep)
        }
        for organization in organizations { moved += try await fanOut(organization) }
        for moving in try await database.read({ try $0.movingWebhookEndpoints(limit: Self.organizationsPerStep) }) {
            moved += try await move(moving.id, since: moving.since, moved: moving.moved)
        }
        for recovery in try await database.read({ try $0.openWebhookRecoveries(limit: Self.organizationsPerStep) }) {
            moved += try await goOn(with: recovery)
        }
        if moved > 0 { engine.signals.courier.wake() }
        return moved
    }

    /// Queues an organization's next events for its endpoints.
    private func fanOut(_ organization: OrganizationID) async throws -> Int {
        let (tools, ids) = (tools, engine.environment.ids)
        return try await tools.database.writeByKey { transaction in
            guard var cursor = try transaction.lockWebhookCursor(organization) else { return 0 }
            let events = try transaction.events(
                of: organization, after: cursor.fannedSequence, limit: Limits.eventsPerFanOutMax)
            guard let last = events.last else { return 0 }
            try transaction.queue(events, of: organization, tools.renderer, ids: ids)
            cursor.fannedSequence = last.sequence
            try transaction.save(cursor)
            // Lost, it is done again; the claim that begins to send is durable, and this with it.
            try transaction.forgoDurability()
            return events.count
        }
    }

    /// Moves a page of what waited for an endpoint to where its state puts it now.
    private func move(_ id: WebhookEndpointID, since: Timestamp, moved: Int) async throws -> Int {
        try await tools.database.writeByKey { transaction in
            guard let endpoint = try transaction.lockWebhookEndpoint(id) else { return 0 }
            let page = Limits.deliveriesPerMoveMax
            let waiting = try transaction.waitingDeliveries(to: id, .held, limit: page)
            let steps = waiting.enumerated().compactMap { place, before in
                let delay = ReleaseRamp.delayMilliseconds(
                    place: moved + place, maxPerSecond: endpoint.settings.maxPerSecond)
                return before.moved(
                    by: endpoint.health, isDeleted: endpoint.isDeleted, dueAt: since.adding(milliseconds: delay),
                    at: transaction.now
                ).map { (before: before, after: $0) }
            }
            _ = try transaction.swap(steps)
            try transaction.saveMoved(steps.count < page ? nil : moved + steps.count, of: id)
            return steps.count
        }
    }

    /// Makes the next deliveries of a recovery, in the order of the events.
    private func goOn(with recovery: WebhookRecovery) async throws -> Int {
        let ids = engine.environment.ids
        return try await tools.database.writeByKey { transaction in
            guard let endpoint = try transaction.lockWebhookEndpoint(recovery.endpoint) else { return 0 }
            return try transaction.goOn(with: recovery, to: endpoint, ids: ids)
        }
    }

    /// Writes how far batches are, for endpoints that want to know while they run.
    private func announceProgress() async throws -> Int {
        let ids = engine.environment.ids
        let due = try await tools.database.read { reader in
            try reader.batchesWithNewProgress(limit: Limits.eventsPerFanOutMax)
        }
        for batch in due {
            try await tools.database.writeByKey { transaction in
                try transaction.announceProgress(of: batch.id, in: batch.organization, ids: ids)
            }
        }
        return due.count
    }
}

extension SQLTransaction {
    /// Queues events, rendered once, for the endpoints that take them.
    fileprivate func queue(
        _ events: [PostedEvent], of organization: OrganizationID, _ renderer: WebhookRenderer, ids: any IDSource
    ) throws {
        let endpoints = try lockWebhookEndpoints(of: organization)
        let taken = events.filter { posted in
            EventType(rawValue: posted.event.type).map { type in
                endpoints.contains { $0.settings.filter.takes(type) }
            } ?? false
        }
        guard !taken.isEmpty else { return }
        try insert(
            try snapshots(of: taken, in: organization).map { snapshot in
                RenderedEvent(
                    id: snapshot.id, organization: organization, type: snapshot.type,
                    body: try renderer.body(snapshot))
            })
        try insert(try endpoints.flatMap { try deliveries(of: taken, to: $0, ids: ids) })
    }

    private func deliveries(
        of events: [PostedEvent], to endpoint: WebhookEndpoint, ids: any IDSource
    ) throws(DatabaseError) -> [WebhookDelivery] {
        let taken = events.filter { posted in
            EventType(rawValue: posted.event.type).map(endpoint.settings.filter.takes) ?? false
        }
        guard !taken.isEmpty else { return [] }
        let state = endpoint.resting ?? .pending
        let slots = state == .pending ? try takeSlots(taken.count, of: endpoint) : taken.map { _ in now }
        return zip(taken, slots).map { posted, slot in
            WebhookDelivery(
                id: ids.next(WebhookDeliveryIdentity.self), organization: endpoint.organization,
                endpoint: endpoint.id, event: posted.id, eventSequence: posted.sequence, type: posted.event.type,
                trigger: .auto, state: state, attemptsMax: endpoint.settings.profile.attemptsMax, dueAt: slot,
                createdAt: now, endedAt: state.isEnded ? now : nil)
        }
    }

    /// Makes a page of a recovery's deliveries; the endpoint is locked.
    fileprivate func goOn(with recovery: WebhookRecovery, to endpoint: WebhookEndpoint, ids: any IDSource) throws -> Int
    {
        var next = recovery
        let page = Limits.deliveriesPerMoveMax
        let lost =
            endpoint.isDeleted
            ? []
            : try lostDeliveries(
                to: endpoint.id, since: recovery.since, until: recovery.until, after: recovery.lastSequence, limit: page
            )
        next.lastSequence = lost.last?.eventSequence ?? recovery.lastSequence
        let kept = try lockWebhookBodies(of: Set(lost.map(\.event)))
        let again = lost.filter { kept.contains($0.event) }
        next.enqueued += again.count
        next.endedAt = lost.count < page ? now : nil
        guard try save(next, after: recovery.lastSequence) else { return 0 }
        let slots = try takeSlots(again.count, of: endpoint)
        try replay(zip(again, slots).map { ($0, $1) }, .recover, to: endpoint, ids: ids)
        return lost.count
    }

    /// Sends deliveries whose bodies are locked to a locked endpoint once more; what they take the place of is marked.
    func replay(
        _ deliveries: [(WebhookDelivery, dueAt: Timestamp)], _ trigger: WebhookDelivery.Trigger,
        to endpoint: WebhookEndpoint, ids: any IDSource
    ) throws {
        let steps = deliveries.map { old, _ in
            var marked = old
            marked.isReplayed = true
            return (before: old, after: marked)
        }
        _ = try swap(steps)
        try insert(
            deliveries.map { old, dueAt in
                old.replayed(
                    as: ids.next(WebhookDeliveryIdentity.self), after: old.replay, trigger,
                    attemptsMax: endpoint.settings.profile.attemptsMax, dueAt: dueAt, at: now)
            })
    }
}
