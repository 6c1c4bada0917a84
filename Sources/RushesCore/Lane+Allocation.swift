extension Lane {
    /// Shares slots by weighted max-min: each goes to the organization that has the fewest for its weight, and within
    /// it to the batch with the fewest running, so that neither a small organization nor a small batch waits behind a
    /// large one. What one does not want or may not have, the others get.
    package static func share(_ allowance: Int, over demands: [LaneDemand]) -> [(batch: BatchID, count: Int)] {
        var waiting = demands.filter(\.wantsMore)
        var granted: [BatchID: Int] = [:]
        for _ in 0..<max(0, allowance) {
            guard let next = waiting.indices.min(by: { waiting[$0].goesBefore(waiting[$1]) }) else { break }
            granted[waiting[next].takeSlot(), default: 0] += 1
            if !waiting[next].wantsMore { waiting.remove(at: next) }
        }
        return demands.flatMap(\.batches).compactMap { demand in granted[demand.batch].map { (demand.batch, $0) } }
    }
}
