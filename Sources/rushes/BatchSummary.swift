import RushesWire

extension BatchBody {
    /// One line about how it stands: `bat_... partial: 21 of 24 succeeded, charged $10.29, refunded $1.47`.
    var summary: String {
        var parts = ["\(counts.succeeded) of \(counts.total) succeeded", "charged \(dollars(chargedMicros))"]
        if counts.failed > 0 { parts.append("\(counts.failed) failed, refunded \(dollars(refundedMicros))") }
        if heldMicros > 0 { parts.append("held \(dollars(heldMicros))") }
        return "\(id) \(status): " + parts.joined(separator: ", ")
    }

    /// What `show` prints for people.
    var lines: [String] {
        var lines = [
            "batch     \(id)\(name.map { "  \($0)" } ?? "")",
            "request   \(requestID)",
            "model     \(model) at \(dollars(unitPriceMicros)) a video",
            "status    \(status)\(cancelRequestedAt == nil ? "" : " (cancel requested)")",
            "tasks     \(counts.total): \(counts.succeeded) succeeded, \(counts.failed) failed, "
                + "\(counts.running) running, \(counts.queued) waiting",
            "money     frozen \(dollars(frozenMicros)) = held \(dollars(heldMicros))"
                + " + charged \(dollars(chargedMicros))"
                + " + refunded \(dollars(refundedMicros))",
            "created   \(createdAt)",
        ]
        if let startedAt { lines.append("started   \(startedAt)") }
        if let finishedAt { lines.append("finished  \(finishedAt)") }
        return lines
    }
}

/// The table of failed tasks: which, why, what came back.
func failureTable(_ tasks: [TaskBody], unitPriceMicros: Int64) -> [String] {
    var table = Table([("TASK", .left), ("FAILURE", .left), ("REFUND", .right), ("MESSAGE", .left)])
    for task in tasks {
        let refund = unitPriceMicros - (task.chargedMicros ?? unitPriceMicros)
        table.add([task.customID, task.failure?.type ?? "-", signedDollars(refund), task.failure?.message ?? ""])
    }
    return table.lines
}
