import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

/// What the checks have looked at already.
struct SeenByChecks {
    /// Commits since the last check.
    var writes = 0
    /// Times that somebody was stopped.
    var pauses = 0
    /// Creates at the provider.
    var creates = 0
    /// Attempts that were submitted.
    var submitted: Set<String> = []
    /// The creates of each task.
    var createsOfTask: [TaskID: [ScriptedProvider.Create]] = [:]
    /// The last ledger transaction of each wallet that was checked.
    var ledgerSequence: [OrganizationID: Int] = [:]
    /// Batches that were open at the last check.
    var openBatches: Set<BatchID> = []
    /// Videos whose bytes were looked at.
    var assets: Set<AssetID> = []
    /// Jobs that counted as finished.
    var completed: Set<ProviderJobID> = []
    /// Slots in use at the last check.
    var inFlight: [LaneID: Int] = [:]
    /// Slots that each organization held at the last check.
    var slots: [OrganizationID: Int] = [:]
    /// What was used of each budget at the last check.
    var budgets: [BudgetKey: Credits] = [:]
    /// Budgets that were there at the last check.
    var budgetSubjects: Set<BudgetKey> = []
    /// Since when failures of a batch wait to be posted, by how many were posted then.
    var unposted: [BatchID: (posted: Int, since: Timestamp)] = [:]
}

extension World {
    /// Checks what changed since the last time.
    func checkWhatWasTouched() async throws {
        for actor in actors { seen.writes += actor.process.takeWrites() }
        try await checkCreates()
        if isSettledSteadily { try checkRefundsAreFast() }
        guard seen.writes > 0 else { return }
        seen.writes = 0
        let known = seen
        let look = try await database.read { reader in try Look(reader, known) }
        if !look.violations.isEmpty { throw fail(look.violations.map(\.description)) }
        seen.ledgerSequence = look.ledgerSequence
        seen.openBatches = look.openBatches
        try checkLanes(look.lanes)
        try checkLimits(look.organizations)
        try checkBudgets(look.budgets)
        noteUnposted(look.unposted)
        try checkVideos(look.assets)
        try checkCompleted(look.completed)
    }

    /// A job that counts as finished has really finished.
    private func checkCompleted(_ jobs: [ProviderJobID]) throws {
        for id in jobs where seen.completed.insert(id).inserted {
            guard let job = provider.job(id), job.fault == nil, let endsAt = job.endsAt, endsAt <= clock.now else {
                throw fail(["\(id) counts as finished and is not"])
            }
        }
    }

    /// Checks everything there is.
    func checkEverything() async throws {
        report.fullChecks += 1
        let found = try await InvariantSweep(database).run().violations
        if !found.isEmpty { throw fail(found.map(\.description)) }
        try await checkServiceLevels()
    }

    private func checkLanes(_ lanes: [Lane]) throws {
        for lane in lanes {
            if lane.inFlight > max(lane.maxInFlight, seen.inFlight[lane.id] ?? 0) {
                throw fail(["lane \(lane.id): \(lane.inFlight) in flight, \(lane.maxInFlight) allowed"])
            }
            seen.inFlight[lane.id] = lane.inFlight
        }
    }

    /// No organization gets a slot above its limit; what it held before its limit was lowered it keeps.
    private func checkLimits(_ organizations: [OrganizationRecord]) throws {
        for organization in organizations {
            let held = organization.inFlight
            if let limit = organization.maxInFlight, held > max(limit, seen.slots[organization.id] ?? 0) {
                throw fail(["\(organization.id): \(held) in flight, \(limit) allowed"])
            }
            seen.slots[organization.id] = held
        }
    }

    private func noteUnposted(_ unposted: [(batch: BatchID, posted: Int)]) {
        let before = seen.unposted
        seen.unposted = [:]
        for (batch, posted) in unposted {
            let old = before[batch].flatMap { $0.posted == posted ? $0.since : nil }
            seen.unposted[batch] = (posted, old ?? clock.now)
        }
    }

    /// A failed task's credits are back within three seconds.
    private func checkRefundsAreFast() throws {
        for (batch, wait) in seen.unposted.sorted(by: { $0.key < $1.key })
        where clock.now.milliseconds(since: wait.since) > 3_000 {
            throw fail(["\(batch): a failure waits for its refund since \(wait.since), now it is \(clock.now)"])
        }
    }

    /// A stored video has the bytes of the job that its task owns, and that job was asked for the task's prompt.
    private func checkVideos(_ assets: [StoredVideo]) throws {
        for asset in assets {
            seen.assets.insert(asset.id)
            let bytes = SimulatedVideo.bytes(of: asset.job.rawValue)
            if blobs.content(of: BlobKey(asset.blobKey)) != bytes || asset.sha256 != sha256Hex(bytes) {
                throw fail(["\(asset.id): the stored bytes are not those of \(asset.job)"])
            }
            guard let job = provider.job(asset.job), job.submission.prompt == asset.prompt, job.fault == nil else {
                throw fail(["\(asset.id): \(asset.job) did not make this video"])
            }
        }
    }
}

/// A success as it stands in the database.
struct StoredVideo: Sendable {
    let id: AssetID
    let blobKey: String
    let sha256: String
    let job: ProviderJobID
    let prompt: String
}

/// One consistent look at what changed.
struct Look: Sendable {
    var violations: [InvariantViolation] = []
    var ledgerSequence: [OrganizationID: Int]
    var openBatches: Set<BatchID>
    var lanes: [Lane] = []
    var organizations: [OrganizationRecord] = []
    var budgets: [OrganizationID: [Budget]] = [:]
    var unposted: [(batch: BatchID, posted: Int)] = []
    var assets: [StoredVideo] = []
    var completed: [ProviderJobID] = []

    init(_ reader: any SQLReading, _ known: SeenByChecks) throws {
        ledgerSequence = known.ledgerSequence
        openBatches = []
        try lookAtWallets(reader)
        try lookAtBatches(reader, known)
        lanes = try reader.lanes()
        for lane in lanes { violations += try reader.violations(ofLane: lane.id) }
        for row in try reader.query("SELECT id FROM organization ORDER BY id", []) {
            let id = OrganizationID(trusted: try row.text(0))
            if let organization = try reader.organization(id) { organizations.append(organization) }
            budgets[id] = try reader.budgets(of: id)
        }
        try lookAtVideos(reader, known)
        completed = try reader.query(
            """
            SELECT provider_job FROM attempt WHERE outcome IN ('completed', 'leaked') ORDER BY ended_at DESC LIMIT 40
            """, []
        ).map { ProviderJobID(try $0.text(0)) }
    }

    private mutating func lookAtWallets(_ reader: any SQLReading) throws {
        for row in try reader.query("SELECT id FROM invoice_series ORDER BY id", []) {
            violations += try reader.violations(ofInvoiceSeries: try row.text(0))
        }
        for row in try reader.query("SELECT organization_id, ledger_seq FROM wallet ORDER BY organization_id", []) {
            let organization = OrganizationID(trusted: try row.text(0))
            let last = ledgerSequence[organization] ?? 0
            if try row.int(1) == last && last > 0 { continue }
            violations += try reader.violations(ofWallet: organization)
            violations += try reader.violations(ofLedgerOf: organization, after: last)
            violations += try reader.violations(ofEventsOf: organization)
            violations += try reader.violations(ofWebhooksOf: organization)
            ledgerSequence[organization] = try row.int(1)
        }
    }

    private mutating func lookAtBatches(_ reader: any SQLReading, _ known: SeenByChecks) throws {
        let rows = try reader.query(
            """
            SELECT id, failed, posted_failed FROM batch
            WHERE finished_at IS NULL OR id IN (SELECT batch_id FROM task_removal WHERE due_at IS NOT NULL) ORDER BY id
            """, [])
        for row in rows {
            let batch = BatchID(trusted: try row.text(0))
            openBatches.insert(batch)
            if try row.int(1) > row.int(2) { unposted.append((batch, try row.int(2))) }
        }
        for batch in openBatches.union(known.openBatches).sorted() {
            violations += try reader.violations(ofBatch: batch)
        }
    }

    private mutating func lookAtVideos(_ reader: any SQLReading, _ known: SeenByChecks) throws {
        let rows = try reader.query(
            """
            SELECT a.id, a.blob_key, a.sha256, t.provider_job, t.prompt
            FROM asset a INNER JOIN task t ON t.id = a.task_id ORDER BY a.created_at DESC LIMIT 40
            """, [])
        for row in rows {
            let id = AssetID(trusted: try row.text(0))
            if known.assets.contains(id) { continue }
            assets.append(
                StoredVideo(
                    id: id, blobKey: try row.text(1), sha256: try row.text(2), job: ProviderJobID(try row.text(3)),
                    prompt: try row.text(4)))
        }
    }
}
