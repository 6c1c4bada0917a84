package import RushesCore
package import RushesDatabase

private let endpointColumns = """
    id, organization_id, url, description, event_types, retry_profile, max_per_second, max_in_flight, state,
    disable_reason, failures_in_row, failed_attempts, first_failure_at, last_success_at, probe_at, probes, disabled_at,
    revision, created_at, changed_at, deleted_at
    """

private let secretColumns = "id, endpoint_id, sealed, hint, created_at, ends_at"

extension SQLRow {
    fileprivate func webhookSecret() throws(DatabaseError) -> SealedWebhookSecret {
        SealedWebhookSecret(
            id: try id(0, WebhookSecretIdentity.self), endpoint: try id(1, WebhookEndpointIdentity.self),
            sealed: try text(2), hint: try text(3), createdAt: try time(4), endsAt: try optionalTime(5))
    }

    fileprivate func webhookEndpoint() throws(DatabaseError) -> WebhookEndpoint {
        let settings = WebhookEndpointSettings(
            url: try text(2), description: try text(3),
            filter: EventFilter(trusted: try JSONText.decode([String].self, from: try text(4))),
            profile: try value(5, RetryProfile.self), maxPerSecond: try int(6), maxInFlight: try int(7))
        let health = EndpointHealth(
            state: try value(8, EndpointHealth.State.self),
            disableReason: try optionalValue(9, EndpointHealth.DisableReason.self), failuresInRow: try int(10),
            failedAttempts: try int(11), firstFailureAt: try optionalTime(12), lastSuccessAt: try optionalTime(13),
            probeAt: try optionalTime(14), probes: try int(15), disabledAt: try optionalTime(16))
        return WebhookEndpoint(
            id: try id(0, WebhookEndpointIdentity.self), organization: try id(1, OrganizationIdentity.self),
            settings: settings, health: health, revision: try int(17), createdAt: try time(18),
            changedAt: try time(19), isDeleted: try optionalTime(20) != nil)
    }
}

extension SQLReading {
    /// An endpoint of an organization; deleted ones are not found.
    package func webhookEndpoint(
        _ id: WebhookEndpointID, of organization: OrganizationID
    ) throws(DatabaseError) -> WebhookEndpoint? {
        try query(
            """
            SELECT \(endpointColumns) FROM webhook_endpoint
            WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL
            """, [.text(id.rawValue), .text(organization.rawValue)]
        ).first?.webhookEndpoint()
    }

    /// All endpoints of an organization, oldest first; there are at most `Limits.webhookEndpointsMax`.
    package func webhookEndpoints(of organization: OrganizationID) throws(DatabaseError) -> [WebhookEndpoint] {
        try query(
            """
            SELECT \(endpointColumns) FROM webhook_endpoint
            WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id
            """, [.text(organization.rawValue)]
        ).map { row throws(DatabaseError) in try row.webhookEndpoint() }
    }

    /// Endpoints whose queues are to be looked at, the longest waiting first.
    package func webhookEndpointsToLookAt(limit: Int) throws(DatabaseError) -> [WebhookEndpointID] {
        try query(
            """
            SELECT id FROM webhook_endpoint WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2
            """, [.time(now), .int(limit)]
        ).map { row throws(DatabaseError) in try row.id(0, WebhookEndpointIdentity.self) }
    }

    /// Held endpoints whose ping is due.
    package func webhookEndpointsToProbe(limit: Int) throws(DatabaseError) -> [WebhookEndpointID] {
        try query(
            "SELECT id FROM webhook_endpoint WHERE probe_at IS NOT NULL AND probe_at <= $1 ORDER BY probe_at LIMIT $2",
            [.time(now), .int(limit)]
        ).map { row throws(DatabaseError) in try row.id(0, WebhookEndpointIdentity.self) }
    }

    /// Endpoints of which deliveries are to be moved, since when, and how many were.
    package func movingWebhookEndpoints(
        limit: Int
    ) throws(DatabaseError) -> [(id: WebhookEndpointID, since: Timestamp, moved: Int)] {
        try query(
            """
            SELECT id, moving_since, moved FROM webhook_endpoint WHERE moving_since IS NOT NULL
            ORDER BY moving_since LIMIT $1
            """, [.int(limit)]
        ).map { row throws(DatabaseError) in
            (try row.id(0, WebhookEndpointIdentity.self), try row.time(1), try row.int(2))
        }
    }

    /// The secrets of an endpoint that sign now, newest first.
    package func signingSecrets(of endpoint: WebhookEndpointID) throws(DatabaseError) -> [SealedWebhookSecret] {
        try webhookSecrets(of: [endpoint])[endpoint] ?? []
    }

    /// The secrets of endpoints that sign now, newest first.
    package func webhookSecrets(
        of endpoints: [WebhookEndpointID]
    ) throws(DatabaseError) -> [WebhookEndpointID: [SealedWebhookSecret]] {
        if endpoints.isEmpty { return [:] }
        let list = SQLList(endpoints.map(\.rawValue))
        var found: [WebhookEndpointID: [SealedWebhookSecret]] = [:]
        for row in try query(
            """
            SELECT \(secretColumns) FROM webhook_secret
            WHERE endpoint_id IN (\(list.places)) ORDER BY endpoint_id, id DESC
            """, list.values)
        {
            let secret = try row.webhookSecret()
            if secret.signs(at: now) { found[secret.endpoint, default: []].append(secret) }
        }
        return found
    }

    /// All secrets in the order of their identifiers, behind one of them.
    package func webhookSecrets(
        after id: WebhookSecretID?, limit: Int
    ) throws(DatabaseError) -> [SealedWebhookSecret] {
        try query(
            "SELECT \(secretColumns) FROM webhook_secret WHERE id > $1 ORDER BY id LIMIT $2",
            [.text(id?.rawValue ?? ""), .int(limit)]
        ).map { row throws(DatabaseError) in try row.webhookSecret() }
    }
}

extension SQLTransaction {
    /// Locks an endpoint; deleted ones are found too, since deliveries may be under way.
    package func lockWebhookEndpoint(_ id: WebhookEndpointID) throws(DatabaseError) -> WebhookEndpoint? {
        try query(
            "SELECT \(endpointColumns) FROM webhook_endpoint WHERE id = $1\(dialect.forUpdate)", [.text(id.rawValue)]
        ).first?.webhookEndpoint()
    }

    /// Locks all endpoints of an organization, by id.
    package func lockWebhookEndpoints(of organization: OrganizationID) throws(DatabaseError) -> [WebhookEndpoint] {
        try query(
            """
            SELECT \(endpointColumns) FROM webhook_endpoint
            WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id\(dialect.forUpdate)
            """, [.text(organization.rawValue)]
        ).map { row throws(DatabaseError) in try row.webhookEndpoint() }
    }

    /// Locks those of some endpoints that nobody else has locked, by id.
    package func lockFreeWebhookEndpoints(
        _ ids: Set<WebhookEndpointID>
    ) throws(DatabaseError) -> [WebhookEndpointID: WebhookEndpoint] {
        if ids.isEmpty { return [:] }
        let list = SQLList(ids.sorted().map(\.rawValue))
        var found: [WebhookEndpointID: WebhookEndpoint] = [:]
        for row in try query(
            """
            SELECT \(endpointColumns) FROM webhook_endpoint WHERE id IN (\(list.places))
            ORDER BY id\(dialect.forUpdateSkippingLocked)
            """, list.values)
        {
            let endpoint = try row.webhookEndpoint()
            found[endpoint.id] = endpoint
        }
        return found
    }

    /// Adds an endpoint.
    package func insert(_ endpoint: WebhookEndpoint) throws(DatabaseError) {
        let settings = endpoint.settings
        try execute(
            """
            INSERT INTO webhook_endpoint (id, organization_id, url, description, event_types, retry_profile,
              max_per_second, max_in_flight, state, failures_in_row, failed_attempts, probes, moved, slot_at, revision,
              created_at, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', 0, 0, 0, 0, 0, $9, $10, $11)
            """,
            [
                .text(endpoint.id.rawValue), .text(endpoint.organization.rawValue), .text(settings.url),
                .text(settings.description), .text(try JSONText.encode(settings.filter.patterns)),
                .text(settings.profile.rawValue), .int(settings.maxPerSecond), .int(settings.maxInFlight),
                .int(endpoint.revision), .time(endpoint.createdAt), .time(endpoint.changedAt),
            ])
    }

    /// Writes what a customer has changed of a locked endpoint.
    package func save(settingsOf endpoint: WebhookEndpoint) throws(DatabaseError) {
        let settings = endpoint.settings
        try execute(
            """
            UPDATE webhook_endpoint SET url = $1, description = $2, event_types = $3, retry_profile = $4,
              max_per_second = $5, max_in_flight = $6, revision = $7, changed_at = $8
            WHERE id = $9
            """,
            [
                .text(settings.url), .text(settings.description),
                .text(try JSONText.encode(settings.filter.patterns)), .text(settings.profile.rawValue),
                .int(settings.maxPerSecond), .int(settings.maxInFlight), .int(endpoint.revision),
                .time(endpoint.changedAt), .text(endpoint.id.rawValue),
            ])
    }

    /// Writes how a locked endpoint stands.
    package func save(healthOf endpoint: WebhookEndpoint) throws(DatabaseError) {
        let health = endpoint.health
        try enqueue(
            """
            UPDATE webhook_endpoint SET state = $1, disable_reason = $2, failures_in_row = $3, failed_attempts = $4,
              first_failure_at = $5, last_success_at = $6, probe_at = $7, probes = $8, disabled_at = $9
            WHERE id = $10
            """,
            [
                .text(health.state.rawValue), .optional(health.disableReason?.rawValue), .int(health.failuresInRow),
                .int(health.failedAttempts), .time(health.firstFailureAt), .time(health.lastSuccessAt),
                .time(health.probeAt), .int(health.probes), .time(health.disabledAt), .text(endpoint.id.rawValue),
            ])
    }

    /// Takes a locked endpoint out of everything.
    package func delete(_ endpoint: WebhookEndpointID) throws(DatabaseError) {
        try execute(
            "UPDATE webhook_endpoint SET deleted_at = $1 WHERE id = $2", [.time(now), .text(endpoint.rawValue)])
    }

    /// What waits for a locked endpoint is to be moved, as its state says: sent when it is up again, else given up.
    package func startMoving(_ endpoint: WebhookEndpointID) throws(DatabaseError) {
        try execute(
            "UPDATE webhook_endpoint SET moving_since = $1, moved = 0 WHERE id = $2",
            [.time(now), .text(endpoint.rawValue)])
    }

    /// Notes how many deliveries of a locked endpoint were moved; nil when none is left.
    package func saveMoved(_ moved: Int?, of endpoint: WebhookEndpointID) throws(DatabaseError) {
        try execute(
            """
            UPDATE webhook_endpoint SET moving_since = CASE WHEN $1 = 1 THEN NULL ELSE moving_since END, moved = $2
            WHERE id = $3
            """, [.flag(moved == nil), .int(moved ?? 0), .text(endpoint.rawValue)])
    }

    /// Notes when the queues of locked endpoints are to be looked at next, as claims of them say.
    package func save(
        looks claims: [(endpoint: WebhookEndpointID, claim: DeliveryClaim)]
    ) throws(DatabaseError) {
        if claims.isEmpty { return }
        try enqueueMany(
            "UPDATE webhook_endpoint SET due_at = $1, rests_until = $2 WHERE id = $3",
            claims.map { endpoint, claim in
                let next = claim.looksAgainAt
                return [
                    .time(next), .integer(claim.isFull ? next?.milliseconds ?? 0 : 0), .text(endpoint.rawValue),
                ]
            })
    }

    /// What waits is looked at when it is due, but not before a full endpoint has rested.
    func callForLooks(at deliveries: [WebhookDelivery]) throws(DatabaseError) {
        var first: [WebhookEndpointID: Int64] = [:]
        for delivery in deliveries where delivery.state == .pending {
            first[delivery.endpoint] = min(first[delivery.endpoint] ?? .max, delivery.dueAt.milliseconds)
        }
        if first.isEmpty { return }
        try enqueueMany(
            """
            UPDATE webhook_endpoint SET due_at = CASE WHEN rests_until > $1 THEN rests_until ELSE $2 END
            WHERE id = $3 AND (due_at IS NULL OR due_at > CASE WHEN rests_until > $4 THEN rests_until ELSE $5 END)
            """,
            first.sorted { $0.key < $1.key }.map { endpoint, due in
                [.integer(due), .integer(due), .text(endpoint.rawValue), .integer(due), .integer(due)]
            })
    }

    /// Messages to endpoints have ended: those that were full are looked at now. One that somebody else has locked is
    /// looked at when its rest is over.
    package func endRests(of endpoints: Set<WebhookEndpointID>) throws(DatabaseError) {
        if endpoints.isEmpty { return }
        let list = SQLList(endpoints.sorted().map(\.rawValue))
        let resting = try query(
            """
            SELECT id FROM webhook_endpoint WHERE id IN (\(list.places)) AND rests_until > 0
            ORDER BY id\(dialect.forUpdateSkippingLocked)
            """, list.values)
        if resting.isEmpty { return }
        try enqueueMany(
            "UPDATE webhook_endpoint SET due_at = $1, rests_until = 0 WHERE id = $2 AND rests_until > 0",
            resting.map { row throws(DatabaseError) in [.time(now), .text(try row.text(0))] })
    }

    /// The times for some messages to a locked endpoint, one after another at its pace.
    package func takeSlots(_ count: Int, of endpoint: WebhookEndpoint) throws(DatabaseError) -> [Timestamp] {
        let spacing = max(1, 1_000 / Int64(endpoint.settings.maxPerSecond))
        let row = try query(
            """
            UPDATE webhook_endpoint SET slot_at = CASE WHEN slot_at > $1 THEN slot_at ELSE $2 END + $3 WHERE id = $4
            RETURNING slot_at
            """,
            [.time(now), .time(now), .integer(spacing * Int64(count)), .text(endpoint.id.rawValue)]
        ).first
        let first =
            try row.map { row throws(DatabaseError) in try row.integer(0) - spacing * Int64(count) }
            ?? now.milliseconds
        return (0..<count).map { Timestamp(milliseconds: first + spacing * Int64($0)) }
    }

    /// Adds a secret to a locked endpoint; the older ones sign until a time at most.
    package func insert(
        _ secret: SealedWebhookSecret, endingOlderAt end: Timestamp
    ) throws(DatabaseError) {
        try execute(
            """
            UPDATE webhook_secret SET ends_at = $1 WHERE endpoint_id = $2 AND (ends_at IS NULL OR ends_at > $3)
            """, [.time(end), .text(secret.endpoint.rawValue), .time(end)])
        try execute(
            "INSERT INTO webhook_secret (id, endpoint_id, sealed, hint, created_at) VALUES ($1, $2, $3, $4, $5)",
            [
                .text(secret.id.rawValue), .text(secret.endpoint.rawValue), .text(secret.sealed), .text(secret.hint),
                .time(secret.createdAt),
            ])
    }

    /// Keeps secrets in the form that another key has given them, unless somebody else has done so; answers how many.
    package func seal(
        again secrets: [(secret: SealedWebhookSecret, sealed: String)]
    ) throws(DatabaseError) -> Int {
        var changed = 0
        for (secret, sealed) in secrets {
            changed += try execute(
                "UPDATE webhook_secret SET sealed = $1 WHERE id = $2 AND sealed = $3",
                [.text(sealed), .text(secret.id.rawValue), .text(secret.sealed)])
        }
        return changed
    }
}
