import RushesCore
import RushesDatabase
import RushesTesting
import Testing

@Suite("The CHECKs mirror the machines")
struct CheckTests {
    /// A change that no machine makes, on a batch of six of which one task runs and five wait.
    struct Change: Sendable, CustomTestStringConvertible {
        let rule: String
        let table: String
        let set: String

        init(_ rule: String, _ table: String, _ set: String) {
            self.rule = rule
            self.table = table
            self.set = set
        }

        var testDescription: String { rule }
    }

    private static let money = [
        Change("free credits are not below zero", "wallet", "available_micros = -1"),
        Change("frozen credits are not below zero", "wallet", "held_micros = -1"),
        Change("a lot's credits are somewhere", "lot", "available_micros = available_micros - 1"),
        Change(
            "a lot's frozen credits are not below zero", "lot", "held_micros = -1, available_micros = face_micros + 1"),
        Change("bought lots never expire", "lot", "expires_at = 5"),
        Change("the cursors of a hold never cross", "hold", "head = 6, tail = 5"),
        Change("a hold is closed when its cursors meet", "hold", "head = 6, tail = 6"),
        Change("a hold is open while they do not", "hold", "closed_at = 5"),
    ]

    private static let batches = [
        Change("every task is counted once", "batch", "queued = 4"),
        Change("counts are not below zero", "batch", "queued = 7, running = -1"),
        Change("no more is posted than has ended", "batch", "posted_failed = 1"),
        Change("an ending has its time", "batch", "finished_at = 5"),
        Change("a time of ending has its ending", "batch", "status = 'partial'"),
        Change(
            "an ended batch has no open task", "batch", "status = 'completed', finished_at = 5"),
        Change(
            "completed means that all succeeded", "batch",
            "status = 'completed', finished_at = 5, queued = 0, running = 0, succeeded = 5, failed = 1, "
                + "posted_succeeded = 5, posted_failed = 1"),
        Change(
            "failed means that all failed", "batch",
            "status = 'failed', finished_at = 5, queued = 0, running = 0, succeeded = 5, failed = 1, "
                + "posted_succeeded = 5, posted_failed = 1"),
        Change(
            "partial means some of each", "batch",
            "status = 'partial', finished_at = 5, queued = 0, running = 0, succeeded = 6, posted_succeeded = 6"),
        Change("what is not posted has a due time", "batch", "queued = 4, failed = 1"),
        Change("what is posted has none", "batch", "settle_due_at = 5"),
        Change("a status is one of five", "batch", "status = 'cancelled'"),
    ]

    private static let tasks = [
        Change("a state is one of six", "task", "state = 'lost'"),
        Change("a success has its video", "task", "state = 'succeeded', finished_at = 5"),
        Change("only a success has a video", "task", "asset_id = 'ast_1'"),
        Change("a failure has its type", "task", "state = 'failed', finished_at = 5"),
        Change("a failure's type is one of nine", "task", "state = 'failed', finished_at = 5, failure_type = 'bored'"),
        Change("only a failure has a type", "task", "failure_type = 'moderated'"),
        Change("an ending has its time", "task", "state = 'failed', failure_type = 'moderated'"),
        Change("an open task has no time of ending", "task", "finished_at = 5"),
        Change("deadline and dispatch come together", "task", "deadline_at = NULL"),
        Change("a running task was dispatched", "task", "dispatched_at = NULL, deadline_at = NULL"),
        Change("a running task has its job", "task", "provider_job = NULL"),
        Change("three generations at most", "task", "generations = 4, attempt = 9"),
        Change("a generation is an attempt", "task", "generations = 2"),
        Change("one blind resubmission at most", "task", "blind_resubmissions = 2"),
    ]

    private static let attempts = [
        Change("an outcome is one of eight", "attempt", "outcome = 'lost'"),
        Change("an ended attempt holds no slot", "attempt", "ended_at = 5"),
        Change("an ended attempt is not watched", "attempt", "ended_at = 5, holds_slot = 0, watch_at = 5"),
        Change("a running attempt has its job", "attempt", "provider_job = NULL"),
        Change("only an abandoned attempt is watched", "attempt", "watch_at = 5"),
        Change("a slot is held or not", "attempt", "holds_slot = 2"),
    ]

    private static let lanes = [
        Change("slots are not below zero", "lane", "in_flight = -1"),
        Change("tokens are not below zero", "lane", "tokens_milli = -1"),
        Change("a lane has a cap", "lane", "max_in_flight = 0"),
        Change("a lane's state is one of two", "lane", "state = 'closed'"),
        Change("an organization's slots are not below zero", "lane_share", "in_flight = -1"),
        Change("a weight is at least one", "organization", "weight = 0"),
        Change("a weight is at most a thousand", "organization", "weight = 1001"),
        Change("a limit allows something", "organization", "max_in_flight = 0"),
    ]

    @Test("what no machine allows is refused", arguments: TestDatabase.allCases)
    func refused(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(6)
            let running = try await world.run([plan.tasks[0]])
            for change in Self.money + Self.batches + Self.tasks + Self.attempts + Self.lanes {
                let condition = change.table == "task" ? " WHERE id = '\(running[0].id)'" : ""
                let rows = try await world.rows("SELECT * FROM \(change.table)")
                try await world.expectRefusal("check constraint") {
                    try $0.execute("UPDATE \(change.table) SET \(change.set)\(condition)", [])
                }
                #expect(try await world.rows("SELECT * FROM \(change.table)") == rows, "\(change.rule)")
            }
        }
    }

    @Test("what grants, sells and keeps nothing is refused", arguments: TestDatabase.allCases)
    func refusedRows(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            let plan = try await world.history()
            let organization = world.organization
            let inserts = [
                "INSERT INTO lot VALUES ('l', '\(organization)', 'gift', 1, 0, 5, 5, 0, 0, NULL, 9, 0, 0, 0, 0, 0)",
                "INSERT INTO lot VALUES ('l', '\(organization)', 'promo', 1, 0, 0, 0, 0, 0, NULL, 9, 0, 0, 0, 0, 0)",
                "INSERT INTO lot VALUES ('l', '\(organization)', 'topup', 1, 0, 5, 5, 0, 0, 7, 9, 0, 0, 0, 0, 0)",
                "INSERT INTO lot VALUES ('l', '\(organization)', 'promo', 1, 0, 5, 5, 0, 0, 7, 9, 0, 1, 0, 0, 0)",
                "INSERT INTO adjustment VALUES ('a', '\(organization)', 0, 'r', 't', 'n', 0, 'proposed', NULL, NULL)",
                "INSERT INTO adjustment VALUES ('a', '\(organization)', 5, 'r', 't', 'n', 0, 'approved', NULL, NULL)",
                "INSERT INTO adjustment VALUES ('a', '\(organization)', 5, 'r', 't', 'n', 0, 'approved', 'n', 1)",
                "INSERT INTO credit_grant VALUES ('g', '\(organization)', 'topup', 5, NULL, 'r', 'w', 'n', 'l', 0)",
                "INSERT INTO credit_grant VALUES ('g', '\(organization)', 'promo', 0, NULL, 'r', 'w', 'n', 'l', 0)",
                "INSERT INTO purchase_intent VALUES ('p', '\(organization)', 'r', NULL, 0, 5, 'pending', 0, 0)",
                "INSERT INTO purchase_intent VALUES ('p', '\(organization)', 'r', NULL, 5, 5, 'paid', 0, 0)",
                "INSERT INTO purchase_refund VALUES ('p', '\(organization)', 0, 5, 'r', 'w', 'n', 0, 0)",
                "INSERT INTO billing_profile VALUES ('\(organization)', 'n', '', NULL, 10001, 0)",
                "INSERT INTO invoice_series VALUES ('S', 0)",
                "INSERT INTO credit_line VALUES ('\(organization)', -1, 1, 202611, 0, 0, 'r', 'n', 0)",
                "INSERT INTO month_close VALUES ('\(organization)', 202611, 0, 1, 5, NULL, 0)",
                "INSERT INTO month_close VALUES ('\(organization)', 202611, 2, 1, 0, NULL, 0)",
                "INSERT INTO purchase VALUES ('p', '\(organization)', 'r', NULL, 0, 5, 'l', 0)",
                "INSERT INTO event VALUES ('\(organization)', 0, 'e', 'x', NULL, NULL, '{}', 0)",
                """
                INSERT INTO asset VALUES ('a', '\(organization)', '\(plan.tasks[4].id)', 'b', 'k', 0,
                '\(String(repeating: "a", count: 64))', 0)
                """,
                "INSERT INTO asset VALUES ('a', '\(organization)', '\(plan.tasks[4].id)', 'b', 'k', 1, 'short', 0)",
                "INSERT INTO hold_part VALUES ('\(plan.batch.id)', 9, 'l', 0)",
            ]
            for insert in inserts {
                try await world.expectRefusal("check constraint") { try $0.execute(insert, []) }
            }
        }
    }
}
