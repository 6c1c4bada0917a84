import RushesDatabase

extension Schema {
    /// Tasks of ended batches may go after their time, with their attempts, videos and events; what reports read of
    /// them is kept as sums.
    ///
    /// The database itself sees to it that nothing goes early: a batch is marked 30 days after its end or later, when
    /// no attempt of it is open, and only rows of marked batches can be deleted.
    static func taskRetention(_ dialect: SQLDialect) -> [String] {
        let dropped = replacedSeals.map { SchemaSeal.dropping($0, on: $1, dialect) }
        let seals = taskRetentionSeals.flatMap { $0.statements(dialect) }
        return switch dialect.name {
        case .sqlite: dropped + chargesStaySQLite + taskRetentionTables + seals
        case .postgres:
            dropped + chargesStayPostgres + taskRetentionTables.map(dialect.typed)
                + taskRetentionKeptTables.map(SchemaSeal.neverEmptied) + seals
        }
    }

    /// Tables of this step whose rows change but never go.
    static let taskRetentionKeptTables = ["task_removal", "task_sum", "attempt_sum"]
    /// Tables that were append-only before this step, and whose rows may go now.
    static let taskRetentionPassingTables = ["event", "asset", "asset_image", "task_end"]
    /// Tables whose rows changed and never went before this step, and may go now.
    static let fadingTables = ["task", "attempt", "illustration"]

    private static let replacedSeals = [
        ("event_no_delete", "event"), ("asset_no_delete", "asset"), ("asset_image_no_delete", "asset_image"),
        ("task_end_no_delete", "task_end"), ("task_kept", "task"), ("attempt_kept", "attempt"),
        ("illustration_kept", "illustration"), ("batch_ended", "batch"),
    ]

    /// All columns of a batch but the mark; one that comes later has to be named by its own step.
    private static let batchColumnsButMark = """
        id, organization_id, request_id, request_hash, model, lane_id, name, metadata, max_concurrency, window_hours,
        unit_price_micros, price_version, created_at, window_ends_at, status, total, queued, running, succeeded, failed,
        posted_succeeded, posted_failed, instalments, settle_due_at, started_at, finished_at, cancel_requested_at,
        sla_seconds, api_key_id, project
        """

    private static func isKept(_ batch: String) -> String {
        "(SELECT tasks_removed_at FROM batch WHERE id = \(batch)) IS NULL"
    }

    private static let taskRetentionSeals: [SchemaSeal] =
        taskRetentionKeptTables.map(SchemaSeal.kept)
        + [
            SchemaSeal(
                "batch_ended", .updateOf(batchColumnsButMark), on: "batch", when: "OLD.finished_at IS NOT NULL",
                "an ended batch never changes"),
            SchemaSeal(
                "batch_tasks_removed", .updateOf("tasks_removed_at"), on: "batch",
                when: """
                    OLD.tasks_removed_at IS NOT NULL OR EXISTS (SELECT 1 FROM task t
                      INNER JOIN attempt a ON a.task_id = t.id WHERE t.batch_id = OLD.id AND a.ended_at IS NULL)
                    """,
                "tasks are removed once, when no attempt is open"),
            SchemaSeal(
                "task_kept", .delete, on: "task", when: isKept("OLD.batch_id"),
                "task rows are not deleted before their time"),
            SchemaSeal(
                "attempt_kept", .delete, on: "attempt",
                when: isKept("(SELECT batch_id FROM task WHERE id = OLD.task_id)"),
                "attempt rows are not deleted before their time"),
            SchemaSeal(
                "asset_kept", .delete, on: "asset", when: isKept("OLD.batch_id"),
                "asset is append-only until the tasks of its batch are removed"),
            SchemaSeal(
                "asset_image_kept", .delete, on: "asset_image",
                when: isKept("(SELECT batch_id FROM asset WHERE id = OLD.asset_id)"),
                "asset_image is append-only until the tasks of its batch are removed"),
            SchemaSeal(
                "illustration_kept", .delete, on: "illustration",
                when: isKept("(SELECT batch_id FROM asset WHERE id = OLD.asset_id)"),
                "illustration rows are not deleted before their time"),
            SchemaSeal(
                "task_end_kept", .delete, on: "task_end", when: isKept("OLD.batch_id"),
                "task_end is append-only until the tasks of its batch are removed"),
            SchemaSeal(
                "event_kept", .delete, on: "event", when: "OLD.task_id IS NULL OR \(isKept("OLD.batch_id"))",
                "event is append-only; those of a task go when the tasks of its batch are removed"),
            SchemaSeal(
                "task_removal_forward", .update, on: "task_removal",
                when: "OLD.due_at IS NULL OR NEW.attempts < OLD.attempts OR NEW.events < OLD.events",
                "what was removed stays removed"),
            SchemaSeal(
                "task_sum_grows", .update, on: "task_sum",
                when: "NEW.succeeded < OLD.succeeded OR NEW.failed < OLD.failed", "sums of removed tasks only grow"),
            SchemaSeal(
                "attempt_sum_grows", .update, on: "attempt_sum",
                when: "NEW.attempts < OLD.attempts OR NEW.billed_micros < OLD.billed_micros",
                "sums of removed attempts only grow"),
        ]

    private static let taskRetentionTables = [
        """
        ALTER TABLE batch ADD COLUMN tasks_removed_at BIGINT CHECK (tasks_removed_at IS NULL
          OR (finished_at IS NOT NULL AND tasks_removed_at >= finished_at + 2592000000))
        """,
        // Ended batches that are whole: of those, the ones that ended before the retention are read.
        """
        CREATE INDEX batch_kept ON batch (finished_at, id) WHERE finished_at IS NOT NULL AND tasks_removed_at IS NULL
        """,
        // A removal under way is due now, or when its worker's lease is over; a removal that is done is not.
        """
        CREATE TABLE task_removal (
          batch_id TEXT PRIMARY KEY REFERENCES batch (id), organization_id TEXT NOT NULL, due_at BIGINT,
          attempts BIGINT NOT NULL CHECK (attempts >= 0), events BIGINT NOT NULL CHECK (events >= 0)
        )
        """,
        "CREATE INDEX task_removal_due ON task_removal (due_at) WHERE due_at IS NOT NULL",
        "CREATE INDEX task_removal_organization ON task_removal (organization_id)",
        // What became of removed tasks, by the month in which they ended.
        """
        CREATE TABLE task_sum (
          batch_id TEXT NOT NULL REFERENCES batch (id), month BIGINT NOT NULL CHECK (month > 0),
          succeeded BIGINT NOT NULL CHECK (succeeded >= 0), failed BIGINT NOT NULL CHECK (failed >= 0),
          within_target BIGINT NOT NULL CHECK (within_target BETWEEN 0 AND succeeded),
          timed_out BIGINT NOT NULL CHECK (timed_out BETWEEN 0 AND failed), PRIMARY KEY (batch_id, month)
        )
        """,
        // What removed attempts cost: the groups that margins are made of. A cost that is not known is -1.
        """
        CREATE TABLE attempt_sum (
          day BIGINT NOT NULL, organization_id TEXT NOT NULL, model TEXT NOT NULL, outcome TEXT NOT NULL,
          cost_micros BIGINT NOT NULL CHECK (cost_micros >= -1),
          is_billed_on_failure BIGINT NOT NULL CHECK (is_billed_on_failure IN (0, 1)),
          are_charged BIGINT NOT NULL CHECK (are_charged IN (0, 1)),
          is_billed BIGINT NOT NULL CHECK (is_billed IN (0, 1)), attempts BIGINT NOT NULL CHECK (attempts > 0),
          billed_micros BIGINT NOT NULL CHECK (billed_micros >= 0),
          PRIMARY KEY (day, organization_id, model, outcome, cost_micros, is_billed_on_failure, are_charged, is_billed)
        )
        """,
    ]

    /// Lines of bills stay when their attempt goes. As `widenedSQLite` does it.
    private static let chargesStaySQLite = [
        "PRAGMA writable_schema = ON",
        """
        UPDATE sqlite_schema SET sql = replace(sql,
          'FOREIGN KEY (task_id, attempt_number) REFERENCES attempt (task_id, number),', '')
        WHERE type = 'table' AND name = 'provider_charge'
        """,
        "PRAGMA writable_schema = RESET",
    ]

    private static let chargesStayPostgres = [
        "ALTER TABLE provider_charge DROP CONSTRAINT provider_charge_task_id_attempt_number_fkey"
    ]
}
