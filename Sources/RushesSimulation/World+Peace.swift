import RushesCore
import RushesDatabase
import RushesStore

extension World {
    /// Nothing goes wrong any more, and time goes on: every batch ends, every hold closes, every slot comes back.
    func endInPeace() async throws {
        provider.calm()
        provider.turn(Weather())
        try await resumeEverybody()
        // What was claimed under an operator's own limits is looked at under them.
        try await checkWhatWasTouched()
        try await letLanesRun()
        let began = clock.now
        trace.note("\(step) peace")
        while true {
            for _ in 0..<30 { if try await stepEveryWorker() == 0 { break } }
            try await checkWhatWasTouched()
            let left = try await openThings()
            if left.isEmpty { break }
            let passed = clock.now.milliseconds(since: began)
            if passed > Int64(4 * 3_600_000) { throw fail(["not ended in four hours of peace: \(left)"]) }
            if passed > Int64(deadlineSecondsMax + 60) * 1_000 { try await checkHolds() }
            try await advance(by: passed < 60_000 ? 2_000 : 10_000)
        }
        try await checkEverything()
    }

    private func checkHolds() async throws {
        let deadlineSecondsMax = deadlineSecondsMax
        let found = try await database.read { reader in
            try reader.violations(ofHoldsWithDeadline: deadlineSecondsMax)
        }
        if !found.isEmpty { throw fail(found.map(\.description)) }
    }

    /// Lets everybody go on who was stopped.
    func resumeEverybody() async throws {
        while let number = actors.indices.first(where: { actors[$0].process.isParked }) {
            // A Sweeper may bring lower limits of lanes: what was claimed under the old ones is looked at under them.
            if actors[number].role == .sweeper { try await checkWhatWasTouched() }
            try await resume(number)
        }
    }

    private func stepEveryWorker() async throws -> Int {
        let before = report.productiveSteps
        for number in actors.indices where actors[number].role != .client {
            // A Sweeper may bring lower limits of lanes: what was claimed under the old ones is looked at under them.
            if actors[number].role == .sweeper { try await checkWhatWasTouched() }
            try await stepWorker(number)
        }
        return report.productiveSteps - before
    }

    /// What has not come to its end: one line for each kind of thing.
    private func openThings() async throws -> [String] {
        let rows = try await database.read { reader in
            try reader.query(
                """
                SELECT 'open batches', COUNT(*) FROM batch WHERE finished_at IS NULL
                UNION ALL SELECT 'open holds', COUNT(*) FROM hold WHERE closed_at IS NULL
                UNION ALL SELECT 'micros held', CAST(SUM(held_micros) AS BIGINT) FROM wallet
                UNION ALL SELECT 'slots taken', CAST(SUM(in_flight) AS BIGINT) FROM lane
                UNION ALL SELECT 'lots past their date', COUNT(*) FROM lot
                  WHERE expires_at <= $1 AND available_micros > 0
                UNION ALL SELECT 'lost payments to book out', COUNT(*) FROM dispute WHERE state = 'lost'
                UNION ALL SELECT 'months to close', COUNT(*) FROM credit_line WHERE due_at <= $1
                """, [.integer(reader.now.milliseconds)])
        }
        return try rows.compactMap { row in
            let count = try row.integer(1)
            return count == 0 ? nil : "\(try row.text(0)): \(count)"
        }
    }

    /// Ends all actors, wherever they are.
    func close() async {
        for number in actors.indices where actors[number].isBusy {
            actors[number].process.kill()
            while actors[number].process.isParked {
                actors[number].process.resume()
                _ = await stage.next()
            }
        }
        for performer in performers { performer.dismiss() }
    }

    func summed(_ report: SimulationReport) async throws -> SimulationReport {
        var report = report
        let creates = provider.creates(after: 0)
        report.creates = creates.count
        report.lostAnswers = creates.count { if case .unknown = $0.told { true } else { false } }
        let (rows, heads) = try await database.read { reader in
            let row = try reader.query(
                """
                SELECT COUNT(*), CAST(COALESCE(SUM(succeeded), 0) AS BIGINT), CAST(COALESCE(SUM(failed), 0) AS BIGINT),
                  (SELECT COUNT(*) FROM ledger_transaction)
                FROM batch
                """, [])[0]
            let heads = try reader.query("SELECT chain_head FROM wallet ORDER BY organization_id", [])
            return (try (0..<4).map { try row.int($0) }, try heads.map { try $0.text(0) })
        }
        report.batches = rows[0]
        report.succeeded = rows[1]
        report.failed = rows[2]
        report.postings = rows[3]
        report.fingerprint = sha256Hex(Array(heads.joined().utf8))
        return report
    }
}
