import RushesDatabase

extension Schema {
    /// What was sent, and what came of each attempt, is kept for 30 days; and a secret may be sealed with another key.
    ///
    /// The database itself sees to it that nothing goes early: a delivery is marked 30 days after its end, attempts of
    /// marked deliveries can be deleted, and a body can be emptied when all deliveries of it are marked.
    static func webhookRetention(_ dialect: SQLDialect) -> [String] {
        let replaced = [
            ("webhook_attempt_no_delete", "webhook_attempt"), ("webhook_message_no_update", "webhook_message"),
            ("webhook_secret_fixed", "webhook_secret"),
        ]
        let dropped = replaced.map { SchemaSeal.dropping($0, on: $1, dialect) }
        return dropped + retentionChanges + retentionSeals.flatMap { $0.statements(dialect) }
    }

    /// Tables whose rows a server may delete, once their time is over.
    static let passingTables = ["webhook_attempt"]
    /// Tables of webhooks that were append-only before this step.
    static let webhookOnceAppendOnlyTables = ["webhook_message", "webhook_attempt"]

    private static let retentionChanges = [
        """
        ALTER TABLE webhook_delivery ADD COLUMN expunged_at BIGINT CHECK (expunged_at IS NULL
          OR (ended_at IS NOT NULL AND expunged_at >= ended_at + 2592000000))
        """,
        // It holds what ended within 30 days.
        """
        CREATE INDEX webhook_delivery_kept ON webhook_delivery (ended_at, id)
          WHERE ended_at IS NOT NULL AND expunged_at IS NULL
        """,
    ]

    private static let retentionSeals = [
        SchemaSeal(
            "webhook_attempt_kept", .delete, on: "webhook_attempt",
            when: "(SELECT expunged_at FROM webhook_delivery WHERE id = OLD.delivery_id) IS NULL",
            "webhook_attempt rows are kept for 30 days"),
        SchemaSeal(
            "webhook_message_fixed", .updateOf("event_id, organization_id, type, sha256, created_at"),
            on: "webhook_message", "what was sent never changes"),
        SchemaSeal(
            "webhook_message_body_kept", .updateOf("body"), on: "webhook_message",
            when: """
                NEW.body <> '' OR EXISTS (SELECT 1 FROM webhook_delivery
                  WHERE event_id = OLD.event_id AND expunged_at IS NULL)
                """,
            "what was sent is kept for 30 days and never changes"),
        SchemaSeal(
            "webhook_delivery_expunged", .updateOf("expunged_at"), on: "webhook_delivery",
            when: "OLD.expunged_at IS NOT NULL", "what was removed stays removed"),
        SchemaSeal(
            "webhook_secret_fixed", .updateOf("id, endpoint_id, hint, created_at"), on: "webhook_secret",
            "a secret never changes"),
        // What is sealed begins with v1, a dot, the eight digits that name the key, and a dot.
        SchemaSeal(
            "webhook_secret_sealed_again", .updateOf("sealed"), on: "webhook_secret",
            when: "substr(NEW.sealed, 1, 12) = substr(OLD.sealed, 1, 12)",
            "a secret is only sealed again with another key"),
    ]
}
