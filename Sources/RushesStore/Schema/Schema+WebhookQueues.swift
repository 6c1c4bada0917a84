extension Schema {
    /// An endpoint is a queue that says when it is to be looked at, so that what waits for a receiver that hangs costs
    /// nothing while it waits.
    static let webhookQueues = [
        "ALTER TABLE webhook_endpoint ADD COLUMN due_at BIGINT",
        "ALTER TABLE webhook_endpoint ADD COLUMN rests_until BIGINT NOT NULL DEFAULT 0 CHECK (rests_until >= 0)",
        "DROP INDEX webhook_delivery_due",
        "CREATE INDEX webhook_delivery_queue ON webhook_delivery (endpoint_id, due_at, id) WHERE state = 'pending'",
        "CREATE INDEX webhook_endpoint_due ON webhook_endpoint (due_at, id) WHERE due_at IS NOT NULL",
        """
        UPDATE webhook_endpoint SET due_at = (SELECT MIN(d.due_at) FROM webhook_delivery d
          WHERE d.endpoint_id = webhook_endpoint.id AND d.state = 'pending')
        """,
    ]
}
