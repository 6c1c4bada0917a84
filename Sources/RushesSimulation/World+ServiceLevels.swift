import RushesCore
import RushesDatabase
import RushesStore

extension World {
    /// What is written down of promises is what the tasks say, counted again from the first one.
    func checkServiceLevels() async throws {
        try await checkServiceMonths()
        // Tasks that are removed cannot be counted again; the months above count their sums.
        if report.removedBatches > 0 { return }
        let (written, counted) = try await database.read { reader in
            (try reader.writtenServiceLevels(), try reader.countedServiceLevels())
        }
        for key in Set(written.keys).union(counted.keys).sorted() where written[key] != counted[key] {
            throw fail(["service level \(key): \(written.text(key)) is written, \(counted.text(key)) is counted"])
        }
    }
}

extension World {
    /// What service credits are computed from, by organization, adds up to what is written down of promises.
    private func checkServiceMonths() async throws {
        let wrong = try await database.read { reader in
            let organizations = try reader.organizationIDs(after: "", limit: Limits.pageItemsMax)
            return try reader.writtenServiceLevels().values.compactMap { written -> String? in
                let parts = try organizations.flatMap { try reader.serviceMonths(written.month, of: $0) }
                let counted = parts.filter { $0.level.model == written.model }
                    .reduce(into: ServiceLevel(model: written.model, month: written.month)) { $0.add($1.level) }
                if counted.promised == written.promised { return nil }
                return "months of \(written.key): \(counted.promised) counted, \(written.promised) written"
            }
        }
        if !wrong.isEmpty { throw fail(wrong.sorted()) }
    }
}

extension SQLReading {
    /// All batches of an organization in pages of one, so that what a page leaves out is seen.
    fileprivate func serviceMonths(
        _ month: CalendarMonth, of organization: OrganizationID
    ) throws(DatabaseError) -> [ServiceMonth] {
        var found: [ServiceMonth] = []
        var last = ""
        while let batch = try batchesOfServiceMonth(month, of: organization, after: last, limit: 1).first {
            found += try serviceMonths(month, of: organization, from: batch, through: batch)
            last = batch.rawValue
        }
        return found
    }

    fileprivate func writtenServiceLevels() throws -> [String: ServiceLevel] {
        let months = try query("SELECT DISTINCT month FROM service_level ORDER BY month", [])
            .map { CalendarMonth(number: try $0.int(0)) }
        return try months.reduce(into: [:]) { levels, month in
            for level in try serviceLevels(in: month) { levels[level.key] = level }
        }
    }

    fileprivate func countedServiceLevels() throws -> [String: ServiceLevel] {
        var levels: [String: ServiceLevel] = [:]
        for row in try query("SELECT id, organization_id FROM batch ORDER BY id", []) {
            let id = BatchID(trusted: try row.text(0))
            guard let batch = try batch(id, of: OrganizationID(trusted: try row.text(1))) else { continue }
            for task in try tasks(of: id, after: -1, states: [], limit: Limits.tasksPerBatchMax) {
                guard let finishedAt = task.finishedAt else { continue }
                var level = ServiceLevel(model: batch.model, month: CalendarMonth(containing: finishedAt))
                level.count(task, slaSeconds: batch.slaSeconds)
                if level.isEmpty { continue }
                levels[level.key, default: ServiceLevel(model: level.model, month: level.month)].add(level)
            }
        }
        return levels
    }
}

extension ServiceLevel {
    fileprivate var key: String { "\(month) \(model)" }

    /// What promises are about.
    fileprivate var promised: [Int] { [delivered, withinTarget, timedOut] }

    fileprivate var text: String {
        "\(delivered) delivered, \(withinTarget) in time, \(timedOut) timed out, \(failed) failed, "
            + "\(fromDispatch.text) from dispatch, \(fromCreation.text) from creation"
    }
}

extension [String: ServiceLevel] {
    fileprivate func text(_ key: String) -> String { self[key]?.text ?? "nothing" }
}
