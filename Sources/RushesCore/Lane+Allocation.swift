/// A batch that wants slots of a lane.
package struct LaneDemand: Sendable, Equatable {
    /// The batch.
    package let batch: BatchID
    /// Its owner.
    package let organization: OrganizationID
    /// Tasks that wait.
    package let queued: Int
    /// Tasks that run.
    package let running: Int
    /// The batch's own cap.
    package let maxConcurrency: Int?

    /// A demand from its parts.
    package init(batch: BatchID, organization: OrganizationID, queued: Int, running: Int, maxConcurrency: Int?) {
        self.batch = batch
        self.organization = organization
        self.queued = queued
        self.running = running
        self.maxConcurrency = maxConcurrency
    }

    /// Tasks that could be dispatched now.
    fileprivate var wanted: Int {
        max(0, min(queued, (maxConcurrency ?? .max) - running))
    }
}

extension Lane {
    /// Shares slots: one at a time in turn over the organizations, and within each over its batches, fewest running
    /// first, so that a small batch never waits behind a large one.
    package static func share(_ allowance: Int, over demands: [LaneDemand]) -> [(batch: BatchID, count: Int)] {
        var queues = turnOrder(demands)
        var granted: [BatchID: Int] = [:]
        var left = allowance
        while left > 0, !queues.isEmpty {
            var next: [[Turn]] = []
            for var queue in queues {
                guard left > 0 else { break }
                var turn = queue.removeFirst()
                granted[turn.batch, default: 0] += 1
                left -= 1
                turn.wanted -= 1
                if turn.wanted > 0 { queue.append(turn) }
                if !queue.isEmpty { next.append(queue) }
            }
            queues = next
        }
        return demands.compactMap { demand in granted[demand.batch].map { (demand.batch, $0) } }
    }

    private struct Turn {
        let batch: BatchID
        var wanted: Int
    }

    /// The batches of each organization, fewest running first; the organization with the fewest running goes first.
    private static func turnOrder(_ demands: [LaneDemand]) -> [[Turn]] {
        var order: [OrganizationID] = []
        var byOrganization: [OrganizationID: [LaneDemand]] = [:]
        for demand in demands {
            if byOrganization[demand.organization] == nil { order.append(demand.organization) }
            byOrganization[demand.organization, default: []].append(demand)
        }
        let running = byOrganization.mapValues { $0.reduce(0) { $0 + $1.running } }
        return order.sorted { (running[$0] ?? 0, $0) < (running[$1] ?? 0, $1) }.compactMap { organization in
            let turns = (byOrganization[organization] ?? []).filter { $0.wanted > 0 }
                .sorted { ($0.running, $0.batch) < ($1.running, $1.batch) }
                .map { Turn(batch: $0.batch, wanted: $0.wanted) }
            return turns.isEmpty ? nil : turns
        }
    }
}
