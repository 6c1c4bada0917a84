import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

/// A migrated database with one organization, the price book of the tests and a clock that tests move.
struct StoreWorld: Sendable {
    let database: any Database
    let clock: TestClock
    let ids: CountingIDs
    let organization: OrganizationID

    static let model = VideoModel(
        id: "veo-pro", displayName: "Veo Pro", unitPrice: Credits(micros: 5_990_000), minBatch: 5, maxBatch: 10_000,
        seconds: [8], sizes: ["1280x720"], slaSeconds: 600, deadlineSeconds: 600,
        route: ProviderRoute(provider: "test", model: "veo", maxInFlight: 50, createsPerMinute: 6_000),
        unknownCreatePolicy: .fail)
    static let lane = model.route.lane
    /// The key with which batches are created.
    static let apiKey = APIKeyID(trusted: "key_01kjz0m5e0000000000000001a")

    /// Runs `work` in a new world on one of the databases.
    static func with<Result>(_ kind: TestDatabase, _ work: (StoreWorld) async throws -> Result) async throws -> Result {
        let clock = TestClock()
        return try await kind.with(clock: { clock.now }) { database in
            _ = try await Migrator(Schema.migrations).migrate(database)
            return try await work(StoreWorld(database, clock))
        }
    }

    /// A new world on a migrated database.
    static func on(_ database: any Database) async throws -> StoreWorld {
        try await StoreWorld(database, TestClock())
    }

    private init(_ database: any Database, _ clock: TestClock) async throws {
        self.database = database
        self.clock = clock
        let ids = CountingIDs()
        self.ids = ids
        organization = ids.next(OrganizationIdentity.self)
        try await database.write { [organization] transaction in
            _ = try transaction.apply(Catalogue(models: [Self.model], packages: []))
            try transaction.insertOrganization(organization, name: "Studio")
        }
    }
}

extension StoreWorld {
    /// Grants a lot for a payment reference; 2,000 dollars for 2,276.20 credits when nothing else is said.
    @discardableResult
    func grant(
        paid: Int64 = 2_000_000_000, face: Int64 = 2_276_200_000, reference: String = "pay-1"
    ) async throws -> PostedTransaction {
        let purchase = Purchase(
            id: ids.next(PurchaseIdentity.self), organization: organization, reference: reference, package: nil,
            paid: Dollars(micros: paid), face: Credits(micros: face), lot: ids.next(LotIdentity.self),
            confirmedAt: clock.now)
        let intent = PurchaseIntent(
            id: purchase.id, organization: organization, requestID: nil,
            offer: PurchaseOffer(package: nil, paid: purchase.paid, face: purchase.face), createdAt: clock.now,
            state: .granted, changedAt: clock.now)
        return try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            try transaction.insert(intent)
            return try transaction.grant(purchase, origin: .package, seller: .unnamed, to: &wallet, ids: ids)
        }
    }

    /// A gift that expires, corrections both ways, and a purchase that is paid back: every table of credits has rows.
    func creditHistory() async throws {
        try await grant(paid: 7_000_000, face: 9_000_000, reference: "pay-back")
        let expiresAt = clock.now.adding(seconds: 1)
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            let gift = CreditGrant(
                id: ids.next(GrantIdentity.self), organization: organization, origin: .promo,
                face: Credits(micros: 3_000_000), expiresAt: expiresAt, reference: "gift-1", reason: "autumn",
                by: "ada", lot: ids.next(LotIdentity.self), createdAt: transaction.now)
            _ = try transaction.give(gift, to: &wallet, ids: ids)
            for amount: Int64 in [2_000_000, -1_000_000] {
                var adjustment = Adjustment(
                    id: ids.next(AdjustmentIdentity.self),
                    proposal: Adjustment.Proposal(
                        organization: organization, amount: Credits(micros: amount), reason: "why", ticket: "T-1",
                        by: "ada"),
                    proposedAt: transaction.now)
                try transaction.insert(adjustment)
                try adjustment.decide(.approve, by: "bob", at: transaction.now)
                try transaction.save(adjustment)
                let lot = ids.next(LotIdentity.self)
                _ = try transaction.post(adjustment, granting: lot, to: &wallet, ids: ids)
            }
        }
        clock.advance(seconds: 2)
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            _ = try transaction.expireLots(of: &wallet, ids: ids)
            let purchase = try #require(try transaction.purchase(reference: "pay-back"))
            var intent = try #require(try transaction.purchaseIntent(purchase.id, of: organization))
            _ = try transaction.refund(
                purchase, reference: "back-1", reason: "asked", by: "ada", from: &wallet, seller: .unnamed,
                ids: ids)
            try intent.become(.refunded, at: transaction.now)
            try transaction.save(intent)
        }
    }

    /// A dispute that is won, one that is charged back, one of a part that is charged back, and one that is open.
    func disputeHistory() async throws {
        for (number, decision) in [Dispute.Decision.won, .lost, .lost, nil].enumerated() {
            try await grant(paid: 5_000_000, face: 5_000_000, reference: "pay-disputed-\(number)")
            try await database.write { transaction in
                var wallet = try #require(try transaction.lockWallet(organization))
                let purchase = try #require(try transaction.purchase(reference: "pay-disputed-\(number)"))
                var dispute = Dispute(
                    id: ids.next(DisputeIdentity.self),
                    claim: Dispute.Claim(
                        organization: organization, purchase: purchase.id,
                        amount: number == 2 ? Dollars(micros: 1_999_999) : nil, reference: "bank-\(number)",
                        reason: "unknown", by: "ada"),
                    openedAt: transaction.now, openedSequence: wallet.ledgerSequence)
                try transaction.open(dispute, suspending: &wallet)
                guard let decision else { return }
                _ = try dispute.decide(decision, by: "ada", at: transaction.now, sequence: wallet.ledgerSequence)
                try transaction.save(dispute, of: &wallet)
                guard decision == .lost else { return }
                #expect(try transaction.chargeBack(&dispute, from: &wallet, seller: .unnamed, ids: ids))
            }
        }
    }

    /// Freezes a new batch.
    @discardableResult
    func create(_ count: Int, requestID: String = "r-1", hash: String = "h") async throws -> BatchPlan {
        let request = BatchRequest(
            organization: organization, requestID: requestID, model: Self.model.id, name: nil,
            tasks: (0..<count).map {
                TaskSpecification(customID: "row-\($0)", prompt: "prompt \($0)", seconds: 8, size: "1280x720")
            }, metadata: [:], maxConcurrency: nil, windowHours: nil, project: "spring")
        return try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            let lots = try transaction.drawableLots(of: organization)
            let plan = try BatchPlan.make(
                request, by: Self.apiKey, model: Self.model, priceVersion: 1,
                wallet: Wallet(organization: organization, lots: lots),
                estimate: LaneEstimate(etaSeconds: 60), at: transaction.now, ids: ids)
            try transaction.insert([(plan.batch, requestHash: hash)])
            try transaction.insert(plan.tasks)
            _ = try transaction.post(freezes: [plan.hold], of: &wallet, lots: lots, ids: ids)
            var budgets = try transaction.budgets(for: plan.batch.budgetSubjects, of: organization)
            for index in budgets.indices { budgets[index].count(plan.batch.frozen) }
            try transaction.count(budgets, of: organization)
            return plan
        }
    }

    /// Sets a budget.
    @discardableResult
    func setBudget(_ subject: Budget.Subject, _ period: Budget.Period, limit: Int64?) async throws -> Budget {
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            let limit = limit.map(Credits.init(micros:))
            return try #require(try transaction.setBudget(subject, period, limit: limit, of: &wallet))
        }
    }

    /// Claims tasks for submission.
    func dispatch(_ tasks: [VideoTask]) async throws -> [VideoTask] {
        try await database.write { transaction in
            var lane = try #require(try transaction.lockLane(Self.lane))
            _ = lane.allowance(at: transaction.now, limit: 1)
            let steps = try tasks.map {
                try $0.step { try $0.claim(at: transaction.now, leaseMilliseconds: 45_000, deadlineSeconds: 600) }
            }
            let batches = try transaction.lockBatchesToDispatch(Set(tasks.map(\.batch)).sorted())
            let claimed = try transaction.dispatch(steps, of: batches, on: &lane, ids: ids)
            try transaction.save(lane)
            return claimed
        }
    }

    /// Commits steps; answers which of them won.
    @discardableResult
    func commit(_ steps: [TaskStep]) async throws -> [Bool] {
        try await database.write { transaction in try transaction.commit(steps, ids: ids).won }
    }

    /// Brings waiting tasks to `running`, each with a job named after it.
    func run(_ tasks: [VideoTask]) async throws -> [VideoTask] {
        let steps = try await dispatch(tasks).map { try $0.accepted(by: "job-\($0.id)") }
        #expect(try await commit(steps) == Array(repeating: true, count: steps.count))
        return steps.map(\.after)
    }

    /// Brings running tasks to `succeeded`, each with a video.
    func succeed(_ tasks: [VideoTask]) async throws {
        let now = clock.now
        let storing = try tasks.map { try $0.step(.completed) { try $0.finishedAtProvider(at: now) } }
        try await commit(storing)
        try await commit(
            storing.map { step in
                let asset = Asset(
                    id: ids.next(AssetIdentity.self), organization: organization, task: step.after.id,
                    batch: step.after.batch, blobKey: "videos/\(step.after.id).mp4", bytes: 1,
                    sha256: String(repeating: "a", count: 64), createdAt: now)
                return try step.after.step(asset: asset) { try $0.stored(asset.id, at: now) }
            })
    }

    /// Fails tasks in any open state.
    func fail(_ tasks: [VideoTask]) async throws {
        let now = clock.now
        try await commit(tasks.map { try $0.step { try $0.fail(Failure(.cancelled), at: now) } })
    }

    /// Posts what has ended in a batch, and ends it when no task is open.
    @discardableResult
    func settle(_ id: BatchID) async throws -> PostedTransaction {
        try await database.write { transaction in
            var batch = try #require(try transaction.lockBatch(id))
            var wallet = try #require(try transaction.lockWallet(organization))
            let hold = try #require(try transaction.hold(of: id))
            let posted = try transaction.post(
                settlementOf: batch, hold: hold, lots: try transaction.read(.lots(heldBy: id)), wallet: &wallet,
                ids: ids)
            _ = try batch.posted(closing: batch.counts.open == 0, at: transaction.now)
            try transaction.save(batch)
            return posted
        }
    }

    /// A whole batch with one success and one failure, purchased, run, settled and finalized: every table has rows.
    func history() async throws -> BatchPlan {
        try await grant()
        let plan = try await create(5)
        let running = try await run(Array(plan.tasks[..<2]))
        try await succeed([running[0]])
        try await fail([running[1]])
        try await settle(plan.batch.id)
        try await fail(Array(plan.tasks[2...]))
        try await settle(plan.batch.id)
        try await database.write { transaction in
            try transaction.append([Event(type: "batch.partial", batch: plan.batch.id)], to: organization, ids: ids)
        }
        return plan
    }
}

extension StoreWorld {
    /// A batch of five that has ended, with all its attempts: one success, four that the provider has refused.
    func endedBatch(requestID: String = "ended") async throws -> BatchID {
        let plan = try await create(5, requestID: requestID)
        let running = try await run(plan.tasks)
        try await succeed([running[0]])
        let (fault, now) = (ProviderFault(.moderated, message: "no"), clock.now)
        try await commit(
            try running.dropFirst().map { try $0.step(.failed(fault)) { try $0.fail(fault.failure, at: now) } })
        try await settle(plan.batch.id)
        return plan.batch.id
    }

    /// Removes the tasks of a batch as the worker does when it is over time; answers in how many transactions.
    @discardableResult
    func removeTasks() async throws -> Int {
        try await Self.removeAll(from: database)
    }

    /// The same on a database of its own clock.
    @discardableResult
    static func removeAll(from database: any Database) async throws -> Int {
        let retention = TaskRetention(days: 30)
        var pages = 0
        while true {
            let next = try await database.read { reader in
                try reader.batchToRemoveTasksOf(endedBy: retention.end(at: reader.now))
            }
            guard let next else { return pages }
            #expect(try await database.write { try $0.beginTaskRemoval(of: next, after: retention) })
            while let page = try await database.write({ try $0.claimTaskRemoval() }) {
                _ = try await database.write { try $0.remove(page) }
                pages += 1
            }
        }
    }
}

extension VideoTask {
    /// A step that changes the task as `change` says.
    func step(
        _ effect: AttemptEffect = .none, asset: Asset? = nil, _ change: (inout VideoTask) throws -> Void
    ) rethrows -> TaskStep {
        var after = self
        try change(&after)
        return TaskStep(before: self, after: after, effect: effect, asset: asset)
    }

    /// The step of a provider that took the task.
    func accepted(by job: String) throws -> TaskStep {
        let job = ProviderJobID(job)
        return try step(.running(job)) { try $0.accepted(job, pollAt: $0.dueAt) }
    }
}

extension StoreWorld {
    /// Executes one statement of its own.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue] = []) async throws -> Int {
        try await database.write { try $0.execute(sql, values) }
    }

    /// The rows of a query.
    func rows(_ sql: String, _ values: [SQLValue] = []) async throws -> [SQLRow] {
        try await database.read { try $0.query(sql, values) }
    }

    /// Expects the database to refuse a transaction with these words, in whatever case, and to keep nothing of it.
    func expectRefusal(
        _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ work: @escaping @Sendable (any SQLTransaction) throws -> Void
    ) async throws {
        do {
            try await database.write(work)
            Issue.record("not refused: \(words)", sourceLocation: sourceLocation)
        } catch let error as DatabaseError {
            #expect(
                [.constraintViolation, .uniqueViolation].contains(error.kind)
                    && error.message.lowercased().contains(words.lowercased()),
                "\(error)", sourceLocation: sourceLocation)
        }
    }
}
