import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

extension World {
    /// A month after its end everything is old, and its tasks are removed by workers that fail and die as all others,
    /// beside new work; then what customers were charged and what reports say is what it was.
    func removeTasks(under rates: FaultRates) async throws {
        let old = Timestamp(milliseconds: (clock.now.milliseconds / 86_400_000 + 1) * 86_400_000)
        let before = try await margins(until: old)
        try await advance(by: 32 * 86_400_000)
        try await endInPeace()
        provider.misbehave(rates)
        for _ in 0..<150 {
            if chance.happens(500) { try await stepRemover() } else { try await act() }
            try await checkWhatWasTouched()
        }
        try await endInPeace()
        provider.misbehave(rates)
        try await finishRemovals(of: old)
        provider.calm()
        try await resumeEverybody()
        let after = try await margins(until: old)
        if after != before { throw fail(["margins before removals: \(before), after: \(after)"]) }
        try await checkNothingIsLeft()
        try await checkEverything()
        try await askAgain()
    }

    private static let removers: [ActorRole] = [.expirer, .monthEnd]
    private static let retention = TaskRetention(days: 30)

    /// Lets one of several workers remove, or go on where it was stopped.
    private func stepRemover() async throws {
        let number = chance.choice(of: actors.indices.filter { Self.removers.contains(actors[$0].role) })
        if actors[number].isBusy {
            guard actors[number].process.mayGoOn(at: clock.now) else { return }
            return try await resume(number)
        }
        let remover = TaskRemover(actors[number].engine, keeping: Self.retention)
        try await start(number, Work(name: remover.name) { try await remover.step() })
        report.removedBatches = try await count("batch WHERE tasks_removed_at IS NOT NULL")
        try await checkRemovals()
    }

    private func finishRemovals(of old: Timestamp) async throws {
        for _ in 0..<5_000 {
            try await stepRemover()
            try await checkWhatWasTouched()
            let left = try await count("batch WHERE tasks_removed_at IS NULL AND finished_at < \(old.milliseconds)")
            let open = try await count("task_removal WHERE due_at IS NOT NULL")
            if left + open == 0 { return }
            // Who is stopped goes on later, and what a dead worker has taken is free when its lease is over.
            try await advance(by: 2_000)
        }
        throw fail(["not all old tasks were removed"])
    }

    /// Everything that a removal could break, after each step of one.
    private func checkRemovals() async throws {
        let organizations = history.organizations
        let found = try await database.read { reader in
            let removed = try reader.query(
                "SELECT batch_id FROM task_removal WHERE due_at IS NOT NULL ORDER BY batch_id", [])
            return try organizations.flatMap { organization in
                try reader.violations(ofWallet: organization) + reader.violations(ofEventsOf: organization)
                    + reader.violations(ofWebhooksOf: organization)
            } + removed.flatMap { try reader.violations(ofBatch: BatchID(trusted: try $0.text(0))) }
        }
        if !found.isEmpty { throw fail(found.map(\.description)) }
    }

    /// No row and no video of what was removed.
    private func checkNothingIsLeft() async throws {
        for table in ["task", "task_end", "asset", "event"] {
            let filter = table == "event" ? " AND task_id IS NOT NULL" : ""
            let left = try await count(
                "\(table) WHERE batch_id IN (SELECT id FROM batch WHERE tasks_removed_at IS NOT NULL)\(filter)")
            if left > 0 { throw fail(["\(left) rows of \(table) are left of removed batches"]) }
        }
        let removed = Set(
            try await database.read { reader in
                try reader.query("SELECT id FROM batch WHERE tasks_removed_at IS NOT NULL", []).map { try $0.text(0) }
            })
        let orphans = blobs.keys.filter { key in
            key.rawValue.split(separator: "/").dropFirst().first.map { removed.contains(String($0)) } ?? false
        }
        if !orphans.isEmpty { throw fail(["videos of removed tasks: \(orphans)"]) }
    }

    /// An old request again is answered with its batch, or is another one than the first; it never makes a batch.
    private func askAgain() async throws {
        let service = BatchService(actors[0].engine)
        for (organization, draft) in history.drafts.prefix(8) {
            guard let known = try await service.batch(requestID: draft.requestID, of: organization),
                known.tasksRemovedAt != nil
            else { continue }
            do {
                let receipt = try await service.create(draft, for: organization)
                if !receipt.isReplay || receipt.batch.id != known.id { throw fail(["\(draft.requestID) made a batch"]) }
            } catch Refusal.idempotencyMismatch(let pointer) {
                if pointer != "" { throw fail(["\(draft.requestID): differs at \(pointer), which is not known"]) }
            }
        }
    }

    private func margins(until end: Timestamp) async throws -> [String] {
        let start = end.adding(milliseconds: -Int64(Limits.reportDaysMax) * 86_400_000)
        let report = try await OperatorService(actors[0].engine).margins(from: start, to: end)
        return report.lines.map { subject, line in "\(subject) \(line)" }
    }

    private func count(_ rows: String) async throws -> Int {
        try await database.read { reader in try reader.query("SELECT COUNT(*) FROM \(rows)", [])[0].int(0) }
    }
}
