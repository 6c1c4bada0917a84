import RushesCore
import RushesDatabase
import RushesSQLite
import RushesStore
import RushesTesting
import Testing

@Suite("The schema")
struct SchemaTests {
    private static let tables = [
        "adjustment", "api_key", "api_minute", "asset", "asset_image", "attempt", "attempt_sum", "batch",
        "batch_progress",
        "billing_profile", "budget", "budget_use", "catalogue", "credit_grant", "credit_ledger", "credit_line",
        "dispute", "event", "hold", "hold_part", "illustration", "invoice", "invoice_series", "lane", "lane_act",
        "lane_share",
        "ledger_transaction", "lot", "month_close", "organization", "provider_account", "provider_charge", "purchase",
        "purchase_intent",
        "purchase_refund", "schema_migration", "service_level", "task", "task_end", "task_removal",
        "task_sum", "wallet", "webhook_attempt",
        "webhook_cursor", "webhook_delivery", "webhook_endpoint", "webhook_message", "webhook_recovery",
        "webhook_secret",
    ]

    @Test("is made from nothing, once", arguments: TestDatabase.allCases)
    func migrates(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            #expect(
                try await Migrator(Schema.migrations).migrate(database)
                    == [
                        "initial", "fair_share", "lane_control", "service_level", "asset_images", "credits",
                        "money_control", "webhooks", "invoices", "disputes", "webhook_queues", "webhook_retention",
                        "lots_as_drawn", "task_retention", "partial_disputes", "failover",
                    ])
            #expect(try await Migrator(Schema.migrations).migrate(database) == [])
            let names = try await database.read { reader in
                try reader.query(Self.tableNames(reader.dialect), []).map { try $0.text(0) }
            }
            #expect(names == Self.tables)
        }
    }

    @Test("counts the slots that organizations already hold, when the shares come", arguments: TestDatabase.allCases)
    func sharesOfRunningTasks(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            _ = try await Migrator([Schema.migrations[0]]).migrate(database)
            let statements = [
                "INSERT INTO organization VALUES ('o1', 'One', 1)", "INSERT INTO organization VALUES ('o2', 'Two', 1)",
                "INSERT INTO wallet VALUES ('o1', 0, 0, 0, 'h', 0, 0)",
                "INSERT INTO wallet VALUES ('o2', 0, 0, 0, 'h', 0, 0)",
                "INSERT INTO lane VALUES ('p:m', 9, 60, 'open', 3, 0, 1, NULL, 0)",
            ]
            try await database.write { transaction in
                for statement in statements { try transaction.execute(statement, []) }
                for (number, owner) in ["o1", "o1", "o2", "o2"].enumerated() {
                    try transaction.execute(
                        """
                        INSERT INTO batch (id, organization_id, request_id, request_hash, model, lane_id, metadata,
                          unit_price_micros, price_version, created_at, window_ends_at, status, total, queued, running,
                          succeeded, failed, posted_succeeded, posted_failed, instalments, started_at)
                        VALUES ('b\(number)', '\(owner)', 'r\(number)', 'h', 'm', 'p:m', '{}', 1, 1, 1, 9, 'processing',
                          1, 0, 1, 0, 0, 0, 0, 0, 1)
                        """, [])
                    try transaction.execute(
                        """
                        INSERT INTO task (id, batch_id, organization_id, lane_id, place, custom_id, prompt, seconds, size,
                          created_at, state, attempt, generations, blind_resubmissions, tries, due_at, dispatched_at,
                          deadline_at)
                        VALUES ('t\(number)', 'b\(number)', '\(owner)', 'p:m', 0, 'c', 'p', 4, 's', 1, 'submitting', 1, 1,
                          0, 0, 5, 1, 9)
                        """, [])
                    // The last one's job is known to have ended.
                    try transaction.execute(
                        """
                        INSERT INTO attempt (task_id, number, lane_id, started_at, deadline_at, outcome, holds_slot)
                        VALUES ('t\(number)', 1, 'p:m', 1, 9, 'submitting', \(number == 3 ? 0 : 1))
                        """, [])
                }
            }
            #expect(
                try await Migrator(Schema.migrations).migrate(database)
                    == [
                        "fair_share", "lane_control", "service_level", "asset_images", "credits", "money_control",
                        "webhooks", "invoices", "disputes", "webhook_queues", "webhook_retention",
                        "lots_as_drawn", "task_retention", "partial_disputes", "failover",
                    ])
            let shares = try await database.read { reader in
                #expect(try reader.violations(ofLane: LaneID("p:m")) == [])
                return try reader.query("SELECT organization_id, in_flight FROM lane_share ORDER BY 1", [])
            }
            #expect(shares == [SQLRow(["o1", 2]), SQLRow(["o2", 1])])
            let weights = try await database.read { try $0.query("SELECT weight, max_in_flight FROM organization", []) }
            #expect(weights == [SQLRow([1, .null]), SQLRow([1, .null])])
        }
    }

    private static func tableNames(_ dialect: SQLDialect) -> String {
        switch dialect.name {
        case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        case .postgres: "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        }
    }

    @Test(
        "has columns of two types only, so that both databases keep the same values", arguments: TestDatabase.allCases)
    func columnTypes(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            for table in Self.tables {
                let types = try await world.rows(Self.columnTypes(of: table, world.database))
                #expect(
                    Set(types.map(\.values)).isSubset(of: [["TEXT"], ["BIGINT"], ["bigint"], ["text C"]]), "\(table)")
            }
        }
    }

    private static func columnTypes(of table: String, _ database: any Database) async throws -> String {
        switch try await database.read(\.dialect).name {
        case .sqlite: "SELECT type FROM pragma_table_info('\(table)')"
        // Texts are compared byte by byte whatever the order of the database.
        case .postgres:
            """
            SELECT data_type || COALESCE(' ' || collation_name, '') FROM information_schema.columns
            WHERE table_name = '\(table)'
            """
        }
    }

    @Test(
        "an append-only table takes no UPDATE, no DELETE, no INSERT OR REPLACE, no TRUNCATE",
        arguments: TestDatabase.allCases)
    func appendOnly(_ kind: TestDatabase) async throws {
        let columns = [
            "ledger_transaction": "kind", "credit_ledger": "amount_micros", "event": "data", "catalogue": "body",
            "purchase": "reference", "hold_part": "amount_micros", "asset": "sha256", "credit_grant": "reason",
            "purchase_refund": "reason", "month_close": "closed_at", "lane_act": "reason",
        ]
        try await StoreWorld.with(kind) { world in
            _ = try await world.history()
            _ = try await world.database.write { try $0.control(StoreWorld.lane, .paused) }
            try await world.creditHistory()
            try await world.invoiceHistory()
            for (table, column) in columns {
                let before = try await world.rows("SELECT * FROM \(table)")
                #expect(!before.isEmpty)
                try await world.expectRefusal("append-only") {
                    try $0.execute("UPDATE \(table) SET \(column) = \(column)", [])
                }
                try await world.expectRefusal("append-only") { try $0.execute("DELETE FROM \(table)", []) }
                guard kind != .postgres else {
                    try await world.expectRefusal("never emptied") { try $0.execute("TRUNCATE \(table) CASCADE", []) }
                    continue
                }
                let refusal = table == "credit_ledger" ? "sealed" : table == "ledger_transaction" ? "" : "append-only"
                try await world.expectRefusal(refusal) {
                    try $0.execute("INSERT OR REPLACE INTO \(table) SELECT * FROM \(table) LIMIT 1", [])
                }
                #expect(try await world.rows("SELECT * FROM \(table)") == before)
            }
        }
    }

    @Test("rows that change are never deleted, replaced or emptied", arguments: TestDatabase.allCases)
    func kept(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            _ = try await world.history()
            try await world.creditHistory()
            try await world.invoiceHistory()
            try await world.disputeHistory()
            let tables = [
                "organization", "wallet", "lot", "batch", "hold", "task", "attempt", "lane_share", "purchase_intent",
                "adjustment", "billing_profile", "invoice_series", "invoice", "credit_line", "dispute",
            ]
            for table in tables {
                try await world.expectRefusal("\(table) rows are not deleted") {
                    try $0.execute("DELETE FROM \(table)", [])
                }
                guard kind != .postgres else {
                    try await world.expectRefusal("never emptied") { try $0.execute("TRUNCATE \(table) CASCADE", []) }
                    continue
                }
                let refusal = table == "invoice" ? "the last number" : "\(table) rows are not deleted"
                try await world.expectRefusal(refusal) {
                    try $0.execute("INSERT OR REPLACE INTO \(table) SELECT * FROM \(table) LIMIT 1", [])
                }
            }
        }
    }

    @Test("endings stay: tasks, batches, holds and attempts", arguments: TestDatabase.allCases)
    func endings(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            _ = try await world.history()
            let changes = [
                ("task", "due_at = due_at + 1"), ("batch", "cancel_requested_at = 1"),
                ("hold", "created_at = created_at + 1"), ("attempt", "outcome = 'failed'"),
            ]
            for (table, change) in changes {
                try await world.expectRefusal("never change") { try $0.execute("UPDATE \(table) SET \(change)", []) }
            }
        }
    }

    @Test(
        "prices, sizes and grants are fixed, and the cursors of a hold never go back", arguments: TestDatabase.allCases)
    func fixed(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(6)
            let running = try await world.run(Array(plan.tasks[..<2]))
            try await world.succeed([running[0]])
            try await world.fail([running[1]])
            try await world.settle(plan.batch.id)
            for change in ["unit_price_micros = 1", "total = 7", "request_id = 'other'"] {
                try await world.expectRefusal("fixed") { try $0.execute("UPDATE batch SET \(change)", []) }
            }
            for change in ["unit_price_micros = 1", "positions = 7"] {
                try await world.expectRefusal("fixed") { try $0.execute("UPDATE hold SET \(change)", []) }
            }
            for change in ["paid_micros = 1", "face_micros = face_micros", "origin = 'promo'"] {
                try await world.expectRefusal("fixed") { try $0.execute("UPDATE lot SET \(change)", []) }
            }
            for change in ["head = 0", "tail = 6"] {
                try await world.expectRefusal("never go back") { try $0.execute("UPDATE hold SET \(change)", []) }
            }
        }
    }

    @Test("what was proposed, decided, offered and ended stays", arguments: TestDatabase.allCases)
    func decisions(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.creditHistory()
            for change in ["state = 'rejected'", "decided_at = decided_at + 1"] {
                try await world.expectRefusal("never changes") {
                    try $0.execute("UPDATE adjustment SET \(change)", [])
                }
            }
            try await world.expectRefusal("never changes") {
                try $0.execute("UPDATE purchase_intent SET state = 'granted'", [])
            }
            let organization = world.organization
            try await world.execute(
                "INSERT INTO adjustment VALUES ('a', '\(organization)', 5, 'r', 't', 'n', 0, 'proposed', NULL, NULL)")
            try await world.execute(
                "INSERT INTO purchase_intent VALUES ('p', '\(organization)', 'r', NULL, 5, 5, 'pending', 0, 0)")
            try await world.expectRefusal("is fixed") {
                try $0.execute("UPDATE adjustment SET reason = 'x' WHERE id = 'a'", [])
            }
            try await world.expectRefusal("is fixed") {
                try $0.execute("UPDATE purchase_intent SET paid_micros = 1 WHERE id = 'p'", [])
            }
        }
    }

    @Test("what a bank asks is fixed, and a dispute never goes back", arguments: TestDatabase.allCases)
    func disputes(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            try await world.disputeHistory()
            let fixed = ["reference = 'x'", "purchase_id = purchase_id", "opened_seq = 1", "reason = 'x'"]
            for change in fixed + ["amount_micros = 1"] {
                try await world.expectRefusal("is fixed") {
                    try $0.execute("UPDATE dispute SET \(change) WHERE state = 'open'", [])
                }
            }
            for change in [
                "loss_micros = 1 WHERE state = 'charged_back'", "state = 'open' WHERE state = 'won'",
                "state = 'charged_back', decided_at = 1, decided_by = 'n', closed_at = 1, closed_seq = 99"
                    + " WHERE state = 'open'",
            ] {
                try await world.expectRefusal("won, or lost") { try $0.execute("UPDATE dispute SET \(change)", []) }
            }
        }
    }

    @Test(
        "what an invoice says and what it became stays, and numbers follow each other", arguments: TestDatabase.allCases
    )
    func invoices(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            try await world.invoiceHistory()
            for change in ["document = 'x'", "net_micros = 1", "number = number", "issued_at = 1", "month = 202601"] {
                try await world.expectRefusal("never changes") {
                    try $0.execute("UPDATE invoice SET \(change) WHERE state = 'issued' AND kind = 'invoice'", [])
                }
            }
            let void = "voided_at = 1, void_reason = 'r', voided_by = 'n'"
            for change in [
                "state = 'paid', payment_reference = 'x', paid_at = 1 WHERE kind = 'credit_note'",
                "state = 'issued' WHERE state = 'void'", "void_reason = 'other' WHERE state = 'void'",
                "state = 'issued', payment_reference = NULL, paid_at = NULL WHERE state = 'paid'",
                "payment_reference = 'other' WHERE state = 'paid'",
                "state = 'void', \(void), paid_at = NULL, payment_reference = NULL WHERE state = 'paid'",
            ] {
                try await world.expectRefusal("stays there") { try $0.execute("UPDATE invoice SET \(change)", []) }
            }
            try await world.expectRefusal("no gap") {
                try $0.execute("UPDATE invoice_series SET last_number = last_number + 2", [])
            }
            try await world.expectRefusal("the last number") {
                try $0.execute(
                    """
                    INSERT INTO invoice (id, organization_id, kind, series_id, number, month, net_micros, tax_micros,
                      total_micros, document, document_sha256, issued_at, state)
                    SELECT 'inv_x', organization_id, kind, series_id, number + 9, month + 50, net_micros, tax_micros,
                      total_micros, document, document_sha256, issued_at, 'issued'
                    FROM invoice WHERE month IS NOT NULL AND kind = 'invoice'
                    """, [])
            }
        }
    }

    @Test("what was sent to endpoints goes after its time and not before", arguments: TestDatabase.allCases)
    func webhookRetention(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            let delivery = try await world.sendPing()
            let days: Int64 = 86_400_000
            let ended = world.clock.now.milliseconds
            let attempts = "DELETE FROM webhook_attempt"
            let body = "UPDATE webhook_message SET body = ''"
            for statement in [attempts, body] {
                try await world.expectRefusal("kept for 30 days") { try $0.execute(statement, []) }
            }
            for time in [ended, ended + 30 * days - 1] {
                try await world.expectRefusal("check") {
                    try $0.execute("UPDATE webhook_delivery SET expunged_at = \(time)", [])
                }
            }
            try await world.execute("UPDATE webhook_delivery SET expunged_at = \(ended + 30 * days)")
            try await world.expectRefusal("stays removed") {
                try $0.execute("UPDATE webhook_delivery SET expunged_at = NULL", [])
            }
            for change in ["body = 'x'", "sha256 = 'x'", "type = 'x'"] {
                try await world.expectRefusal("never changes") {
                    try $0.execute("UPDATE webhook_message SET \(change)", [])
                }
            }
            try await world.expectRefusal("append-only") { try $0.execute("DELETE FROM webhook_message", []) }
            try await world.expectRefusal("append-only") { try $0.execute("UPDATE webhook_attempt SET url = ''", []) }
            #expect(try await world.execute(attempts) == 1)
            #expect(try await world.execute(body) == 1)
            #expect(try await world.rows("SELECT id FROM webhook_delivery") == [SQLRow([.text(delivery.rawValue)])])
        }
    }

    @Test("tasks of ended batches go after their time and not before", arguments: TestDatabase.allCases)
    func taskRetention(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let ended = try await world.endedBatch()
            let open = try await world.create(5, requestID: "open").batch.id
            let ends = world.clock.now.milliseconds
            let month: Int64 = 30 * 86_400_000
            @Sendable func mark(_ id: BatchID, _ time: Int64, _ more: String = "") -> String {
                "UPDATE batch SET tasks_removed_at = \(time)\(more) WHERE id = '\(id)'"
            }
            for statement in [mark(ended, ends), mark(ended, ends + month - 1), mark(open, ends + 9 * month)] {
                try await world.expectRefusal("check") { try $0.execute(statement, []) }
            }
            try await world.expectRefusal("never changes") {
                try $0.execute(mark(ended, ends + month, ", name = 'x'"), [])
            }
            #expect(try await world.execute(mark(ended, ends + month)) == 1)
            try await world.expectRefusal("removed once") { try $0.execute(mark(ended, ends + month), []) }
            try await world.expectRefusal("never changes") {
                try $0.execute("UPDATE batch SET succeeded = succeeded WHERE id = '\(ended)'", [])
            }
            try await world.database.write { transaction in
                try transaction.append([Event(.batchPartial, batch: ended)], to: world.organization, ids: world.ids)
            }
            try await world.expectRefusal("event is append-only") {
                try $0.execute("DELETE FROM event WHERE batch_id = '\(ended)'", [])
            }
            try await world.expectRefusal("task rows are not deleted") { try $0.execute("DELETE FROM task", []) }
            let tasks = "SELECT id FROM task WHERE batch_id = '\(ended)'"
            for (table, condition) in [
                ("illustration", "asset_id IN (SELECT id FROM asset WHERE batch_id = '\(ended)')"),
                ("asset", "batch_id = '\(ended)'"), ("attempt", "task_id IN (\(tasks))"),
                ("task", "batch_id = '\(ended)'"), ("task_end", "batch_id = '\(ended)'"),
            ] {
                #expect(try await world.execute("DELETE FROM \(table) WHERE \(condition)") > 0)
            }
        }
    }

    @Test("an attempt that is open keeps its batch whole", arguments: TestDatabase.allCases)
    func openAttempt(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let running = try await world.run(plan.tasks)
            let now = world.clock.now
            // The task ends, its job is watched.
            try await world.commit(
                try running.map { try $0.step(.abandoned) { try $0.fail(Failure(.timedOut), at: now) } })
            try await world.settle(plan.batch.id)
            try await world.expectRefusal("no attempt is open") {
                try $0.execute("UPDATE batch SET tasks_removed_at = finished_at + 2592000000", [])
            }
            world.clock.advance(seconds: 40 * 86_400)
            let next = try await world.database.read { try $0.batchToRemoveTasksOf(endedBy: $0.now) }
            #expect(next == nil)
        }
    }

    @Test("a secret is sealed again with another key only", arguments: TestDatabase.allCases)
    func sealedAgain(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            _ = try await world.sendPing()
            try await world.execute(
                """
                INSERT INTO webhook_secret (id, endpoint_id, sealed, hint, created_at)
                SELECT 'whs_1', id, 'v1.0123abcd.old', 'hint', 1 FROM webhook_endpoint
                """)
            for change in ["sealed = 'v1.0123abcd.new'", "hint = 'x'", "endpoint_id = endpoint_id"] {
                try await world.expectRefusal(change.hasPrefix("sealed") ? "another key" : "never changes") {
                    try $0.execute("UPDATE webhook_secret SET \(change)", [])
                }
            }
            #expect(try await world.execute("UPDATE webhook_secret SET sealed = 'v1.0123abce.new'") == 1)
        }
    }

    @Test(
        "a database of the release before takes the new kinds, and its purchases have intents",
        arguments: TestDatabase.allCases)
    func widened(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            let before = Schema.migrations.prefix { $0.name != "credits" }
            _ = try await Migrator(Array(before)).migrate(database)
            let statements = [
                "INSERT INTO organization (id, name, created_at) VALUES ('o1', 'One', 1)",
                """
                INSERT INTO wallet (organization_id, available_micros, held_micros, ledger_seq, chain_head, lot_seq,
                  event_seq) VALUES ('o1', 5, 0, 0, 'h', 1, 0)
                """,
                """
                INSERT INTO lot (id, organization_id, origin, priority, paid_micros, face_micros, available_micros,
                  held_micros, captured_micros, sequence, created_at) VALUES ('l1', 'o1', 'topup', 50, 5, 5, 5, 0, 0, 1, 1)
                """,
                "INSERT INTO purchase VALUES ('p1', 'o1', 'r1', NULL, 5, 5, 'l1', 7)",
            ]
            let lot = """
                INSERT INTO lot (id, organization_id, origin, priority, paid_micros, face_micros, available_micros,
                  held_micros, captured_micros, expires_at, sequence, created_at)
                VALUES ('l2', 'o1', 'sla_credit', 15, 0, 5, 5, 0, 0, 9, 2, 1)
                """
            try await database.write { transaction in
                for statement in statements { try transaction.execute(statement, []) }
            }
            await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute(lot, []) } }
            #expect(try await Migrator(Schema.migrations).migrate(database).first == "credits")
            try await database.write { transaction in
                try transaction.execute(lot, [])
                try transaction.execute("UPDATE lot SET available_micros = 2, expired_micros = 3 WHERE id = 'l2'", [])
            }
            for change in ["expired_micros = 4", "adjusted_micros = 1", "revoked_micros = -1, expired_micros = 4"] {
                await #expect(throws: DatabaseError.self) {
                    try await database.write { try $0.execute("UPDATE lot SET \(change) WHERE id = 'l2'", []) }
                }
            }
            let intents = try await database.read {
                try $0.query("SELECT id, state, changed_at FROM purchase_intent", [])
            }
            #expect(intents == [SQLRow(["p1", "granted", 7])])
            if kind != .postgres {
                let sound = try await database.read { try $0.query("PRAGMA integrity_check", []) }
                #expect(sound == [SQLRow(["ok"])])
            }
        }
    }
}
