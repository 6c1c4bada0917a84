extension Schema {
    /// The tables of the first release. The CHECKs mirror the machines of RushesCore, so that a write which no machine
    /// allows is refused below the program too.
    static let initialTables: [String] = [
        """
        CREATE TABLE organization (
          id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE api_key (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES organization (id),
          secret_hash TEXT NOT NULL UNIQUE, label TEXT NOT NULL, created_at BIGINT NOT NULL, revoked_at BIGINT
        )
        """,
        """
        CREATE TABLE catalogue (
          version BIGINT PRIMARY KEY, body TEXT NOT NULL, applied_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE lane (
          id TEXT PRIMARY KEY,
          max_in_flight BIGINT NOT NULL CHECK (max_in_flight > 0),
          creates_per_minute BIGINT NOT NULL CHECK (creates_per_minute > 0),
          state TEXT NOT NULL CHECK (state IN ('open', 'retired')),
          in_flight BIGINT NOT NULL CHECK (in_flight >= 0),
          tokens_milli BIGINT NOT NULL CHECK (tokens_milli >= 0),
          refilled_at BIGINT NOT NULL,
          closed_until BIGINT,
          consecutive_faults BIGINT NOT NULL CHECK (consecutive_faults >= 0)
        )
        """,
        """
        CREATE TABLE wallet (
          organization_id TEXT PRIMARY KEY REFERENCES organization (id),
          available_micros BIGINT NOT NULL CHECK (available_micros >= 0),
          held_micros BIGINT NOT NULL CHECK (held_micros >= 0),
          ledger_seq BIGINT NOT NULL CHECK (ledger_seq >= 0),
          chain_head TEXT NOT NULL,
          lot_seq BIGINT NOT NULL CHECK (lot_seq >= 0),
          event_seq BIGINT NOT NULL CHECK (event_seq >= 0)
        )
        """,
        """
        CREATE TABLE lot (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          origin TEXT NOT NULL CHECK (origin IN ('package', 'topup', 'promo', 'adjustment', 'credit_line')),
          priority BIGINT NOT NULL, paid_micros BIGINT NOT NULL CHECK (paid_micros >= 0),
          face_micros BIGINT NOT NULL CHECK (face_micros > 0),
          available_micros BIGINT NOT NULL CHECK (available_micros >= 0),
          held_micros BIGINT NOT NULL CHECK (held_micros >= 0),
          captured_micros BIGINT NOT NULL CHECK (captured_micros >= 0),
          expires_at BIGINT, sequence BIGINT NOT NULL, created_at BIGINT NOT NULL,
          UNIQUE (organization_id, sequence),
          CHECK (face_micros = available_micros + held_micros + captured_micros),
          CHECK (expires_at IS NULL OR origin IN ('promo', 'credit_line'))
        )
        """,
        """
        CREATE TABLE purchase (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          reference TEXT NOT NULL UNIQUE, package_id TEXT, paid_micros BIGINT NOT NULL CHECK (paid_micros > 0),
          face_micros BIGINT NOT NULL CHECK (face_micros > 0), lot_id TEXT NOT NULL UNIQUE REFERENCES lot (id),
          confirmed_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE ledger_transaction (
          organization_id TEXT NOT NULL REFERENCES wallet (organization_id), seq BIGINT NOT NULL CHECK (seq > 0),
          id TEXT NOT NULL UNIQUE,
          kind TEXT NOT NULL CHECK (kind IN ('purchase', 'freeze', 'settle', 'finalize')),
          reference TEXT NOT NULL UNIQUE, batch_id TEXT, created_at BIGINT NOT NULL,
          available_after_micros BIGINT NOT NULL CHECK (available_after_micros >= 0),
          held_after_micros BIGINT NOT NULL CHECK (held_after_micros >= 0),
          entry_count BIGINT NOT NULL CHECK (entry_count >= 2),
          previous_hash TEXT NOT NULL, hash TEXT NOT NULL,
          PRIMARY KEY (organization_id, seq)
        )
        """,
        """
        CREATE TABLE credit_ledger (
          organization_id TEXT NOT NULL, seq BIGINT NOT NULL, line BIGINT NOT NULL CHECK (line > 0),
          account TEXT NOT NULL, unit TEXT NOT NULL CHECK (unit IN ('uCR', 'uUSD')),
          amount_micros BIGINT NOT NULL CHECK (amount_micros <> 0),
          PRIMARY KEY (organization_id, seq, line),
          FOREIGN KEY (organization_id, seq) REFERENCES ledger_transaction (organization_id, seq)
            DEFERRABLE INITIALLY DEFERRED
        )
        """,
        """
        CREATE TABLE batch (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          request_id TEXT NOT NULL, request_hash TEXT NOT NULL, model TEXT NOT NULL,
          lane_id TEXT NOT NULL REFERENCES lane (id), name TEXT, metadata TEXT NOT NULL,
          max_concurrency BIGINT CHECK (max_concurrency > 0), window_hours BIGINT CHECK (window_hours > 0),
          unit_price_micros BIGINT NOT NULL CHECK (unit_price_micros > 0), price_version BIGINT NOT NULL,
          created_at BIGINT NOT NULL, window_ends_at BIGINT NOT NULL,
          status TEXT NOT NULL CHECK (status IN ('queued', 'processing', 'completed', 'partial', 'failed')),
          total BIGINT NOT NULL CHECK (total > 0), queued BIGINT NOT NULL CHECK (queued >= 0),
          running BIGINT NOT NULL CHECK (running >= 0), succeeded BIGINT NOT NULL CHECK (succeeded >= 0),
          failed BIGINT NOT NULL CHECK (failed >= 0),
          posted_succeeded BIGINT NOT NULL CHECK (posted_succeeded BETWEEN 0 AND succeeded),
          posted_failed BIGINT NOT NULL CHECK (posted_failed BETWEEN 0 AND failed),
          instalments BIGINT NOT NULL CHECK (instalments >= 0), settle_due_at BIGINT, started_at BIGINT,
          finished_at BIGINT, cancel_requested_at BIGINT,
          UNIQUE (organization_id, request_id),
          CHECK (total = queued + running + succeeded + failed),
          CHECK ((status IN ('completed', 'partial', 'failed')) = (finished_at IS NOT NULL)),
          CHECK (finished_at IS NULL
            OR (posted_succeeded = succeeded AND posted_failed = failed AND queued + running = 0)),
          CHECK (status <> 'completed' OR succeeded = total),
          CHECK (status <> 'failed' OR failed = total),
          CHECK (status <> 'partial' OR (succeeded > 0 AND failed > 0)),
          CHECK ((settle_due_at IS NULL) = (posted_succeeded = succeeded AND posted_failed = failed))
        )
        """,
        """
        CREATE TABLE hold (
          batch_id TEXT PRIMARY KEY REFERENCES batch (id), organization_id TEXT NOT NULL,
          unit_price_micros BIGINT NOT NULL CHECK (unit_price_micros > 0),
          positions BIGINT NOT NULL CHECK (positions > 0), head BIGINT NOT NULL, tail BIGINT NOT NULL,
          created_at BIGINT NOT NULL, closed_at BIGINT,
          CHECK (0 <= head AND head <= tail AND tail <= positions),
          CHECK ((head = tail) = (closed_at IS NOT NULL))
        )
        """,
        """
        CREATE TABLE hold_part (
          batch_id TEXT NOT NULL REFERENCES hold (batch_id), place BIGINT NOT NULL CHECK (place > 0),
          lot_id TEXT NOT NULL REFERENCES lot (id), amount_micros BIGINT NOT NULL CHECK (amount_micros > 0),
          PRIMARY KEY (batch_id, place)
        )
        """,
        """
        CREATE TABLE task (
          id TEXT PRIMARY KEY, batch_id TEXT NOT NULL REFERENCES batch (id), organization_id TEXT NOT NULL,
          lane_id TEXT NOT NULL, place BIGINT NOT NULL CHECK (place >= 0), custom_id TEXT NOT NULL,
          prompt TEXT NOT NULL, seconds BIGINT NOT NULL, size TEXT NOT NULL, created_at BIGINT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('queued', 'submitting', 'running', 'storing', 'succeeded', 'failed')),
          attempt BIGINT NOT NULL CHECK (attempt >= 0),
          generations BIGINT NOT NULL CHECK (generations BETWEEN 0 AND 3 AND generations <= attempt),
          blind_resubmissions BIGINT NOT NULL CHECK (blind_resubmissions BETWEEN 0 AND 1),
          tries BIGINT NOT NULL CHECK (tries >= 0), due_at BIGINT NOT NULL, dispatched_at BIGINT, deadline_at BIGINT,
          provider_job TEXT, failure_type TEXT CHECK (failure_type IN ('invalid_request', 'moderated',
            'provider_error', 'provider_unavailable', 'timed_out', 'storage_error', 'cancelled', 'expired',
            'internal_error')),
          failure_message TEXT, failure_code TEXT, finished_at BIGINT, asset_id TEXT,
          UNIQUE (batch_id, place),
          CHECK ((state = 'succeeded') = (asset_id IS NOT NULL)),
          CHECK ((state = 'failed') = (failure_type IS NOT NULL)),
          CHECK ((state IN ('succeeded', 'failed')) = (finished_at IS NOT NULL)),
          CHECK ((dispatched_at IS NULL) = (deadline_at IS NULL)),
          CHECK (state NOT IN ('submitting', 'running', 'storing') OR dispatched_at IS NOT NULL),
          CHECK (state NOT IN ('running', 'storing', 'succeeded') OR provider_job IS NOT NULL)
        )
        """,
        """
        CREATE TABLE attempt (
          task_id TEXT NOT NULL REFERENCES task (id), number BIGINT NOT NULL CHECK (number > 0),
          lane_id TEXT NOT NULL REFERENCES lane (id), started_at BIGINT NOT NULL, deadline_at BIGINT NOT NULL,
          outcome TEXT NOT NULL CHECK (outcome IN ('submitting', 'unknown', 'running', 'not_accepted', 'completed',
            'failed', 'abandoned', 'leaked')),
          provider_job TEXT, ended_at BIGINT, holds_slot BIGINT NOT NULL CHECK (holds_slot IN (0, 1)), watch_at BIGINT,
          fault_class TEXT, fault_message TEXT,
          PRIMARY KEY (task_id, number),
          CHECK (ended_at IS NULL OR (holds_slot = 0 AND watch_at IS NULL)),
          CHECK (outcome NOT IN ('running', 'completed', 'leaked') OR provider_job IS NOT NULL),
          CHECK (watch_at IS NULL OR outcome = 'abandoned')
        )
        """,
        """
        CREATE TABLE asset (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL, task_id TEXT NOT NULL UNIQUE REFERENCES task (id),
          batch_id TEXT NOT NULL, blob_key TEXT NOT NULL, bytes BIGINT NOT NULL CHECK (bytes > 0),
          sha256 TEXT NOT NULL CHECK (length(sha256) = 64), created_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE event (
          organization_id TEXT NOT NULL REFERENCES wallet (organization_id), seq BIGINT NOT NULL CHECK (seq > 0),
          id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, batch_id TEXT, task_id TEXT, data TEXT NOT NULL,
          created_at BIGINT NOT NULL, PRIMARY KEY (organization_id, seq)
        )
        """,
    ]
}
