import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting

extension QueryPlanTests {
    /// What fan-out, sending and the pages of webhooks execute.
    func sendWebhooks(of plan: BatchPlan, through database: RecordingDatabase, _ world: StoreWorld) async throws {
        let (organization, ids) = (world.organization, world.ids)
        let endpoint = try await world.database.write { transaction in
            _ = try transaction.makeWebhookCursor(organization)
            let endpoint = WebhookEndpoint(
                id: ids.next(WebhookEndpointIdentity.self), organization: organization,
                settings: WebhookEndpointSettings(url: "https://example.com/"), createdAt: transaction.now,
                changedAt: transaction.now)
            try transaction.insert(endpoint)
            return endpoint
        }
        try await readWebhooks(of: plan, from: database, organization, endpoint.id)
        try await database.write { transaction in
            _ = try transaction.makeWebhookCursor(organization)
            try transaction.save(WebhookCursor(organization: organization, fannedSequence: 0))
            try transaction.refreshWishes(of: organization)
            _ = try transaction.countTest(of: organization, max: 10)
            _ = try transaction.lockWebhookEndpoints(of: organization)
            _ = try transaction.lockFreeWebhookEndpoints([endpoint.id])
            _ = try transaction.takeSlots(3, of: endpoint)
            try transaction.save(
                looks: [(endpoint.id, DeliveryClaim([], upTo: 2, of: endpoint, underWay: 0, at: transaction.now))])
            try transaction.endRests(of: [endpoint.id])
            try transaction.save(healthOf: endpoint)
            try transaction.startMoving(endpoint.id)
            try transaction.saveMoved(nil, of: endpoint.id)
            for state in [WebhookDelivery.State.pending, .held] {
                _ = try transaction.waitingDeliveries(to: endpoint.id, state, limit: 500)
            }
            try transaction.announceProgress(of: plan.batch.id, in: organization, ids: ids)
            _ = try transaction.expunge([
                ExpiredDelivery(id: WebhookDeliveryID(trusted: "dlv_1"), event: EventID(trusted: "evt_1"))
            ])
        }
    }

    private func readWebhooks(
        of plan: BatchPlan, from database: RecordingDatabase, _ organization: OrganizationID,
        _ endpoint: WebhookEndpointID
    ) async throws {
        try await database.read { reader in
            let event = EventID(trusted: "evt_1")
            _ = try reader.organizationsToFanOut(limit: 32)
            _ = try reader.batchesWithNewProgress(limit: 100)
            _ = try reader.movingWebhookEndpoints(limit: 32)
            _ = try reader.openWebhookRecoveries(limit: 32)
            _ = try reader.webhookEndpointsToLookAt(limit: 128)
            _ = try reader.queueHead(of: endpoint, limit: 33)
            _ = try reader.lostDeliveries(limit: 512)
            _ = try reader.deliveriesUnderWay()
            _ = try reader.webhookEndpointsToProbe(limit: 256)
            _ = try reader.webhookEndpoints(of: organization)
            _ = try reader.webhookEndpoint(endpoint, of: organization)
            _ = try reader.signingSecrets(of: endpoint)
            _ = try reader.webhookBodies(of: [event])
            _ = try reader.webhookAttempts(of: WebhookDeliveryID(trusted: "dlv_1"))
            _ = try reader.webhookDelivery(WebhookDeliveryID(trusted: "dlv_1"), of: organization)
            for state in [nil, WebhookDelivery.State.exhausted] {
                _ = try reader.webhookDeliveries(to: endpoint, before: nil, state: state, limit: 21)
            }
            _ = try reader.newestReplay(of: event, to: endpoint)
            _ = try reader.expiredDeliveries(limit: 500)
            let now = reader.now
            _ = try reader.lostDeliveries(to: endpoint, since: now, until: now, after: 0, limit: 500)
            _ = try reader.countOfLostDeliveries(to: endpoint, since: now, until: now, max: 100_001)
            _ = try reader.webhookRecovery(WebhookRecoveryID(trusted: "rcv_1"), of: organization)
            _ = try reader.tasksEnded(of: plan.batch.id, 1...100)
            _ = try reader.snapshots(
                of: reader.events(of: organization, after: 0, limit: 100), in: organization)
        }
    }
}
