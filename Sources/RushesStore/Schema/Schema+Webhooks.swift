import RushesDatabase

extension Schema {
    /// Webhooks: who is told, with which secret, what was sent and what came of it; and which tasks ended when, for the
    /// events that tell of them.
    static func webhooks(_ dialect: SQLDialect) -> [String] {
        let seals = webhookSeals.flatMap { $0.statements(dialect) }
        return switch dialect.name {
        case .sqlite: webhookTables + webhookIndexes + seals
        case .postgres:
            webhookTables.map(dialect.typed) + webhookIndexes
                + (webhookAppendOnlyTables + webhookKeptTables).map(SchemaSeal.neverEmptied) + seals
        }
    }

    /// Tables of this step whose rows never change.
    static let webhookAppendOnlyTables = ["task_end", "webhook_message", "webhook_attempt"]
    /// Tables of this step whose rows change but never go.
    static let webhookKeptTables = [
        "webhook_endpoint", "webhook_secret", "webhook_delivery", "webhook_recovery", "webhook_cursor",
        "batch_progress",
    ]

    private static let webhookSeals: [SchemaSeal] =
        webhookAppendOnlyTables.flatMap(SchemaSeal.appendOnly) + webhookKeptTables.map(SchemaSeal.kept)
        + [
            SchemaSeal(
                "webhook_delivery_fixed",
                .updateOf("organization_id, endpoint_id, event_id, event_seq, type, replay, cause, attempts_max"),
                on: "webhook_delivery", "what is delivered where is fixed"),
            SchemaSeal(
                "webhook_delivery_attempts", .updateOf("attempts"), on: "webhook_delivery",
                when: "NEW.attempts < OLD.attempts", "attempts are never taken back"),
            SchemaSeal(
                "webhook_delivery_ended", .updateOf("state"), on: "webhook_delivery",
                when: "OLD.ended_at IS NOT NULL AND NEW.state <> OLD.state", "an ended delivery never changes"),
            SchemaSeal(
                "webhook_secret_fixed", .updateOf("endpoint_id, sealed"), on: "webhook_secret",
                "a secret never changes"),
        ]

    private static let webhookTables = [
        """
        CREATE TABLE task_end (
          batch_id TEXT NOT NULL REFERENCES batch (id), first BIGINT NOT NULL CHECK (first > 0),
          last BIGINT NOT NULL CHECK (last >= first), tasks TEXT NOT NULL, PRIMARY KEY (batch_id, first)
        )
        """,
        """
        CREATE TABLE webhook_endpoint (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id), url TEXT NOT NULL,
          description TEXT NOT NULL, event_types TEXT NOT NULL,
          retry_profile TEXT NOT NULL CHECK (retry_profile IN ('contract', 'extended')),
          max_per_second BIGINT NOT NULL CHECK (max_per_second > 0),
          max_in_flight BIGINT NOT NULL CHECK (max_in_flight > 0),
          state TEXT NOT NULL CHECK (state IN ('active', 'held', 'disabled')),
          disable_reason TEXT CHECK (disable_reason IN ('manual', 'gone', 'failing')),
          failures_in_row BIGINT NOT NULL CHECK (failures_in_row >= 0),
          failed_attempts BIGINT NOT NULL CHECK (failed_attempts >= 0), first_failure_at BIGINT,
          last_success_at BIGINT, probe_at BIGINT, probes BIGINT NOT NULL CHECK (probes >= 0), disabled_at BIGINT,
          moving_since BIGINT, moved BIGINT NOT NULL CHECK (moved >= 0), slot_at BIGINT NOT NULL,
          revision BIGINT NOT NULL CHECK (revision > 0), created_at BIGINT NOT NULL,
          changed_at BIGINT NOT NULL, deleted_at BIGINT,
          CHECK ((state = 'disabled') = (disable_reason IS NOT NULL)),
          CHECK ((state = 'disabled') = (disabled_at IS NOT NULL)),
          CHECK ((state = 'held') = (probe_at IS NOT NULL))
        )
        """,
        """
        CREATE TABLE webhook_secret (
          id TEXT PRIMARY KEY, endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id), sealed TEXT NOT NULL,
          hint TEXT NOT NULL, created_at BIGINT NOT NULL, ends_at BIGINT
        )
        """,
        """
        CREATE TABLE webhook_message (
          event_id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          type TEXT NOT NULL, body TEXT NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
          created_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE webhook_delivery (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL,
          endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id),
          event_id TEXT NOT NULL REFERENCES webhook_message (event_id), event_seq BIGINT, type TEXT NOT NULL,
          replay BIGINT NOT NULL CHECK (replay >= 0),
          cause TEXT NOT NULL CHECK (cause IN ('auto', 'manual', 'recover', 'test', 'probe')),
          state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'held', 'succeeded', 'exhausted', 'skipped',
            'cancelled')),
          attempts BIGINT NOT NULL CHECK (attempts BETWEEN 0 AND attempts_max),
          attempts_max BIGINT NOT NULL CHECK (attempts_max > 0), due_at BIGINT NOT NULL, lease_ends_at BIGINT,
          failure TEXT, created_at BIGINT NOT NULL, ended_at BIGINT,
          is_replayed BIGINT NOT NULL CHECK (is_replayed IN (0, 1)),
          UNIQUE (event_id, endpoint_id, replay),
          CHECK ((state = 'sending') = (lease_ends_at IS NOT NULL)),
          CHECK ((state IN ('succeeded', 'exhausted', 'skipped', 'cancelled')) = (ended_at IS NOT NULL))
        )
        """,
        """
        CREATE TABLE webhook_attempt (
          delivery_id TEXT NOT NULL REFERENCES webhook_delivery (id), number BIGINT NOT NULL CHECK (number > 0),
          started_at BIGINT NOT NULL, url TEXT NOT NULL, failure TEXT, status BIGINT,
          total_ms BIGINT NOT NULL CHECK (total_ms >= 0), detail TEXT NOT NULL, PRIMARY KEY (delivery_id, number)
        )
        """,
        """
        CREATE TABLE webhook_recovery (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL,
          endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id), since BIGINT NOT NULL, until BIGINT NOT NULL,
          last_seq BIGINT NOT NULL CHECK (last_seq >= 0), total BIGINT NOT NULL CHECK (total >= 0),
          enqueued BIGINT NOT NULL CHECK (enqueued >= 0), created_at BIGINT NOT NULL, ended_at BIGINT
        )
        """,
        """
        CREATE TABLE webhook_cursor (
          organization_id TEXT PRIMARY KEY REFERENCES wallet (organization_id),
          fanned_seq BIGINT NOT NULL CHECK (fanned_seq >= 0),
          wants_tasks BIGINT NOT NULL CHECK (wants_tasks IN (0, 1)),
          wants_progress BIGINT NOT NULL CHECK (wants_progress IN (0, 1)),
          tested_at BIGINT NOT NULL, tests BIGINT NOT NULL CHECK (tests >= 0)
        )
        """,
        """
        CREATE TABLE batch_progress (
          batch_id TEXT PRIMARY KEY REFERENCES batch (id), announced_at BIGINT NOT NULL,
          ended BIGINT NOT NULL CHECK (ended >= 0)
        )
        """,
    ]

    /// Partial where it is work that waits: each of those is empty when there is none, whatever has been sent.
    private static let webhookIndexes = [
        "CREATE INDEX webhook_endpoint_organization ON webhook_endpoint (organization_id, id)",
        "CREATE INDEX webhook_endpoint_probe ON webhook_endpoint (probe_at) WHERE probe_at IS NOT NULL",
        "CREATE INDEX webhook_endpoint_moving ON webhook_endpoint (moving_since) WHERE moving_since IS NOT NULL",
        "CREATE INDEX webhook_secret_endpoint ON webhook_secret (endpoint_id, id)",
        "CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at, id) WHERE state = 'pending'",
        "CREATE INDEX webhook_delivery_lease ON webhook_delivery (lease_ends_at, id) WHERE state = 'sending'",
        """
        CREATE INDEX webhook_delivery_waiting ON webhook_delivery (endpoint_id, state, id)
          WHERE state = 'pending' OR state = 'held'
        """,
        "CREATE INDEX webhook_delivery_endpoint ON webhook_delivery (endpoint_id, id)",
        """
        CREATE INDEX webhook_delivery_lost ON webhook_delivery (endpoint_id, event_seq)
          WHERE is_replayed = 0 AND event_seq IS NOT NULL AND (state = 'exhausted' OR state = 'skipped')
        """,
        "CREATE INDEX webhook_recovery_open ON webhook_recovery (id) WHERE ended_at IS NULL",
        "CREATE INDEX batch_open ON batch (organization_id, id) WHERE status = 'processing'",
    ]
}
