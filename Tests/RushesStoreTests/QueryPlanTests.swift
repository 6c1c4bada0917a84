import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

/// Bar 3: what a statement costs does not grow with history. The statements are the ones really executed.
@Suite("Hot statements use their indexes")
struct QueryPlanTests {
    @Test("no hot statement reads a growing table whole or sorts it", arguments: TestDatabase.allCases)
    func plans(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            let plan = try await history(in: world)
            for (sql, values) in try await hotStatements(of: plan, in: world) {
                let plan = try await QueryPlan(of: sql, values, on: world.database)
                #expect(plan.growth.isEmpty, "\(plan.lines)\n\(sql)")
            }
        }
    }

    @Test("the check of a batch reads the ledger's lines of its own postings only")
    func checkOfBatch() async throws {
        try await StoreWorld.with(.memory) { world in
            let plan = try await history(in: world)
            let recorder = RecordingDatabase(world.database)
            try await recorder.read { reader in _ = try reader.violations(ofBatch: plan.batch.id) }
            #expect(recorder.statements.contains { $0.sql.contains("credit_ledger") })
            for (sql, values) in recorder.statements {
                let lines = try await QueryPlan(of: sql, values, on: world.database).lines
                #expect(!lines.contains { $0.contains("credit_ledger") && !$0.contains("seq=?") }, "\(lines)\n\(sql)")
            }
        }
    }

    @Test("the test itself sees a table read whole and a sort")
    func detector() async throws {
        try await StoreWorld.with(.memory) { world in
            let whole = try await QueryPlan(of: "SELECT * FROM task WHERE prompt = 'x'", [], on: world.database)
            #expect(whole.growth.count == 1)
            let sorted = try await QueryPlan(
                of: "SELECT * FROM task WHERE batch_id = $1 ORDER BY prompt", ["b"], on: world.database)
            #expect(sorted.growth == ["USE TEMP B-TREE FOR ORDER BY"])
        }
    }

    /// Every statement that workers, pages and postings execute, with values.
    func hotStatements(of plan: BatchPlan, in world: StoreWorld) async throws -> [(sql: String, values: [SQLValue])] {
        let recorder = RecordingDatabase(world.database)
        try await readWork(of: plan, from: recorder, world)
        try await readPages(of: plan, from: recorder, world)
        try await writeSteps(of: plan, through: recorder, world)
        try await sendWebhooks(of: plan, through: recorder, world)
        #expect(recorder.statements.count > 40)
        return recorder.statements
    }

    /// Some thousand rows, ended and open.
    func history(in world: StoreWorld) async throws -> BatchPlan {
        try await world.grant(paid: 50_000_000_000, face: 50_000_000_000)
        let ended = try await world.create(1_500, requestID: "ended")
        try await world.fail(ended.tasks)
        try await world.settle(ended.batch.id)
        let open = try await world.create(1_500, requestID: "open")
        _ = try await world.run(Array(open.tasks[..<20]))
        if try await world.database.read(\.dialect).name == .postgres { try await pretendMillions(in: world) }
        return open
    }

    /// Has the planner of PostgreSQL see tables of a million rows each, as an installation of some months has them.
    private func pretendMillions(in world: StoreWorld) async throws {
        try await world.execute("ANALYZE")
        try await world.execute(
            """
            UPDATE pg_class SET reltuples = 1000000
            WHERE relkind = 'r' AND relnamespace = CAST('public' AS regnamespace)
              AND relname NOT IN ('lane', 'provider_account', 'catalogue')
            """)
    }

    /// What the workers look for.
    private func readWork(of plan: BatchPlan, from database: RecordingDatabase, _ world: StoreWorld) async throws {
        try await database.read { reader in
            let lane = StoreWorld.lane
            _ = try reader.lanes()
            _ = try reader.laneRecords()
            _ = try reader.serviceLevels(in: CalendarMonth(containing: reader.now))
            _ = try reader.availability(in: CalendarMonth(containing: reader.now))
            _ = try reader.pollSchedules()
            _ = try reader.hasDemand(in: lane)
            _ = try reader.lanesToDispatch()
            _ = try reader.waitingTasks(in: lane)
            _ = try reader.isAnyApart(in: lane)
            _ = try reader.tasksApart(in: lane, limit: 500)
            for one in [lane, nil] { _ = try reader.laneActs(of: one, limit: 100) }
            _ = try reader.organization(world.organization)
            for onlyAgain in [false, true] {
                _ = try reader.readyTasks(of: plan.batch.id, in: lane, onlyAgain: onlyAgain, limit: 100)
            }
            for state in [VideoTask.State.submitting, .running, .storing] {
                _ = try reader.isAnyDue(in: state)
            }
            for state in [VideoTask.State.queued, .submitting, .running, .storing] {
                _ = try reader.overdueTasks(in: state, deadlineBefore: reader.now, limit: 100)
            }
            for neverDispatched in [true, false] {
                _ = try reader.queuedTasks(of: plan.batch.id, neverDispatched: neverDispatched, limit: 500)
            }
            _ = try reader.hasTwinUnderWay(plan.tasks[0])
            _ = try reader.owners(of: [ProviderJobID("job")], in: lane)
            _ = try reader.owner(of: ProviderJobID("job"), at: lane.provider)
            _ = try reader.watchedAttempts(limit: 100)
            _ = try reader.batchesToSettle(limit: 16)
            _ = try reader.isAnyIllustrationDue()
            _ = try reader.load()
            _ = try reader.chainHeads(after: "", limit: 100)
            _ = try reader.batchesPastWindow(limit: 8)
            _ = try reader.cancelledBatches(limit: 8)
            _ = try reader.batchesOnGoneLanes(limit: 8)
            _ = try reader.waitingBatches(in: lane, of: "sora-2", limit: 8)
            _ = try reader.route(of: plan.batch.id)
            _ = try reader.organizationsWithExpiredLots(limit: 32)
            _ = try reader.proposedAdjustments(limit: 100)
            _ = try reader.pendingPurchases(of: world.organization, limit: 100)
            _ = try reader.organizationsWithMonthsToClose(limit: 32)
            _ = try reader.disputesToChargeBack(limit: 32)
            _ = try reader.batchToRemoveTasksOf(endedBy: reader.now)
            _ = try reader.isTaskRemovalDue()
        }
    }

    /// What customers ask for.
    private func readPages(of plan: BatchPlan, from database: RecordingDatabase, _ world: StoreWorld) async throws {
        let organization = world.organization
        let filters: [[VideoTask.State]] = [
            [], [.queued], [.submitting, .running, .storing], [.succeeded], [.failed], [.queued, .failed],
        ]
        try await database.read { reader in
            _ = try reader.priceBook()
            _ = try reader.priceBookVersion()
            _ = try reader.priceBook(version: 1)
            _ = try reader.priceBookVersions(limit: 100)
            _ = try reader.priceBooks(around: reader.now)
            _ = try reader.wallet(organization)
            _ = try reader.livingLots(of: organization)
            _ = try reader.drawableLots(of: organization)
            _ = try reader.drawableLots(of: organization, covering: Credits(micros: 1))
            _ = try reader.budgets(of: organization)
            _ = try reader.budgets(for: [.project("spring"), .apiKey(StoreWorld.apiKey)], of: organization)
            _ = try reader.read(.lots(heldBy: plan.batch.id))
            _ = try reader.hold(of: plan.batch.id)
            _ = try reader.purchase(reference: "pay-1")
            _ = try reader.purchase(PurchaseID(trusted: "pur_1"))
            _ = try reader.purchaseIntent(PurchaseID(trusted: "pur_1"), of: organization)
            _ = try reader.purchaseIntent(requestID: "r", of: organization)
            for before in [nil, PurchaseID(trusted: "pur_1")] {
                _ = try reader.purchaseIntents(of: organization, before: before, limit: 21)
            }
            _ = try reader.refund(of: PurchaseID(trusted: "pur_1"))
            _ = try reader.purchaseRefunded(by: "back-1")
            _ = try reader.creditGrant(reference: "gift-1")
            let month = CalendarMonth(containing: reader.now)
            _ = try reader.batchesOfServiceMonth(month, of: organization, after: "", limit: 32)
            _ = try reader.serviceMonths(month, of: organization, from: plan.batch.id, through: plan.batch.id)
            for before in [nil, InvoiceID(trusted: "inv_1")] {
                _ = try reader.invoices(of: organization, before: before, limit: 21)
            }
            _ = try reader.invoice(InvoiceID(trusted: "inv_1"))
            _ = try reader.invoice(of: PurchaseID(trusted: "pur_1"))
            _ = try reader.invoicePaid(by: "bank-1")
            _ = try reader.isCredited(InvoiceID(trusted: "inv_1"))
            _ = try reader.billingProfile(of: organization)
            _ = try reader.creditLine(of: organization)
            _ = try reader.owed(byCreditLineOf: organization)
            _ = try reader.invoice(ofMonth: CalendarMonth(containing: reader.now), of: organization)
            _ = try reader.adjustment(AdjustmentID(trusted: "adj_1"))
            _ = try reader.dispute(DisputeID(trusted: "dsp_1"))
            _ = try reader.dispute(reference: "bank-1")
            _ = try reader.dispute(of: PurchaseID(trusted: "pur_1"))
            _ = try reader.disputes(of: organization, limit: 100)
            _ = try reader.adjustments(of: organization, limit: 100)
            _ = try reader.events(of: organization, after: 1, limit: 100)
            _ = try reader.ledgerTransaction(reference: "freeze:\(plan.batch.id)")
            for batch in [nil, plan.batch.id] {
                for unit in [nil, "uCR"] {
                    _ = try reader.ledgerRows(
                        of: organization, batch: batch, unit: unit, after: 1, line: 2, limit: 100)
                }
            }
            _ = try reader.allLots(of: organization)
            _ = try reader.ledgerLinks(of: organization, after: 1, upTo: 5, limit: 500)
            _ = try reader.firstLedgerMonth(of: organization)
            _ = try reader.statementFrame(of: organization, in: CalendarMonth(containing: reader.now))
            _ = try reader.batch(requestID: "open", of: organization)
            _ = try reader.batch(plan.batch.id, of: organization)
            for before in [nil, plan.batch.id] { _ = try reader.batches(of: organization, before: before, limit: 21) }
            for states in filters {
                _ = try reader.tasks(of: plan.batch.id, after: 5, states: states, limit: 100)
            }
            _ = try reader.task(plan.tasks[0].id, of: organization)
            _ = try reader.attempts(of: plan.tasks[0].id)
            _ = try reader.asset(AssetID(trusted: "ast_1"), of: organization)
            _ = try reader.assets([AssetID(trusted: "ast_1")])
            _ = try reader.assets(after: "", limit: 100)
            _ = try reader.images(of: [AssetID(trusted: "ast_1")])
            _ = try reader.apiKey(secretHash: "h")
            _ = try reader.organizationExists(organization)
        }
    }

    /// What steps and postings write.
    private func writeSteps(of plan: BatchPlan, through database: RecordingDatabase, _ world: StoreWorld) async throws {
        let recorded = world.through(database)
        let project = Budget.Subject.project("spring")
        try await recorded.setBudget(project, .day, limit: 1_000_000_000)
        try await recorded.setBudget(.apiKey(StoreWorld.apiKey), .month, limit: nil)
        let late = try await recorded.create(5, requestID: "late")
        let running = try await recorded.run(Array(late.tasks[..<2]))
        try await recorded.succeed([running[0]])
        try await database.write { transaction in
            _ = try transaction.limit(world.organization, weight: 2, maxInFlight: 100)
            var lane = try #require(try transaction.lockLane(StoreWorld.lane))
            #expect(try !transaction.demands(of: &lane, slots: 10).isEmpty)
            _ = try transaction.control(StoreWorld.lane, .running)
        }
        let now = world.clock.now
        try await recorded.commit([try running[1].step(.abandoned) { try $0.fail(Failure(.timedOut), at: now) }])
        try await recorded.settle(late.batch.id)
        let attempt = try #require(try await recorded.attempt(of: running[1].id))
        try await database.write { transaction in
            _ = try transaction.commit(
                watched: attempt, attempt.watched(.completed, at: now), organization: world.organization,
                batch: late.batch.id, ids: world.ids)
            let task = plan.tasks[30]
            _ = try transaction.commit([], postponing: [TaskStep(before: task, after: task)], ids: world.ids)
            for state in [VideoTask.State.submitting, .running, .storing] {
                _ = try transaction.lease(dueIn: state, until: now, limit: 100)
            }
            for work in try transaction.claimIllustrations(limit: 32) {
                _ = try transaction.finish(work, [], again: nil)
            }
            _ = try transaction.makeOpenTasksDue()
            let charge = ProviderCharge(job: ProviderJobID("job"), amount: Dollars(micros: 1))
            _ = try transaction.insert([charge], of: StoreWorld.lane.provider, bill: "b", by: "ada")
            _ = try transaction.unmatchedCharges(from: transaction.now, to: transaction.now)
            _ = try transaction.lookNow(at: ProviderJobID("job"), of: task.id, attempt: 1)
        }
        try await recorded.grant(reference: "pay-2")
        try await recorded.creditHistory()
        world.clock.advance(seconds: 31 * 86_400)
        #expect(try await recorded.removeTasks() > 3)
    }
}

extension StoreWorld {
    /// The same world, with its statements recorded.
    func through(_ database: any Database) -> StoreWorld { StoreWorld(self, through: database) }

    private init(_ other: StoreWorld, through database: any Database) {
        self.database = database
        clock = other.clock
        ids = other.ids
        organization = other.organization
    }
}
