/// How long the tasks of a batch are kept after its end, with their attempts, videos and events; its money stays for
/// ever (ADR 0029).
package struct TaskRetention: Sendable, Hashable {
    /// The days that an operator may set.
    package static let daysAllowed = 30...3_650
    /// Days after the end of a batch.
    package let days: Int

    /// A retention of so many days, which are allowed ones.
    package init(days: Int) {
        precondition(Self.daysAllowed.contains(days), "days that may be set")
        self.days = days
    }

    /// Batches that ended at this moment or before have been kept for their time.
    package func end(at now: Timestamp) -> Timestamp {
        now.adding(milliseconds: -Int64(days) * 86_400_000)
    }

    /// How many of the first tasks go together, by the rows that belong to each: at most
    /// `Limits.rowsPerRemovalMax` rows, and always one task.
    package static func prefix(ofRows rows: [Int]) -> Int {
        var (count, sum) = (0, 0)
        for each in rows {
            sum += each
            if count > 0 && sum > Limits.rowsPerRemovalMax { break }
            count += 1
        }
        return count
    }
}

extension VideoTask {
    /// Rows that go with the task at most, its own counted: its attempts, and the video with two images and the work on
    /// them.
    package var rowsMax: Int { 1 + attempt + (asset == nil ? 0 : 4) }
}

extension Batch {
    /// Says that the tasks have been kept for their time and are gone from now on.
    ///
    /// - Throws: `IllegalBatchTransition` unless the batch ended so long ago, and when they are gone already.
    package mutating func removeTasks(
        at now: Timestamp, after retention: TaskRetention
    ) throws(IllegalBatchTransition) {
        guard let finishedAt, finishedAt <= retention.end(at: now), tasksRemovedAt == nil else {
            throw IllegalBatchTransition(status: status, event: "removeTasks")
        }
        tasksRemovedAt = now
    }
}
