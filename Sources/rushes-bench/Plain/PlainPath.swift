/// The way of a batch's tasks through all stages by plain SQL, in groups: what the workers are measured against.
struct PlainPath {
    let connection: any PlainConnection
    let writes: PathWrites
    private static let tasksPerTidying = 1_000

    init(_ connection: any PlainConnection, _ batch: PlainBatch, tasksPerGroup: Int) {
        self.connection = connection
        writes = PathWrites(batch: batch, tasksPerGroup: tasksPerGroup, form: type(of: connection).form)
    }

    /// Runs all tasks of an inserted batch to `succeeded`.
    func run() throws {
        let stages = writes.stages
        let ready = writes.ready
        for start in stride(from: 0, to: writes.batch.tasks.count, by: writes.tasksPerGroup) {
            let tasks = try connection.rows(ready).map { $0[0] }
            for stage in stages { try connection.commit(stage, for: tasks) }
            if start % Self.tasksPerTidying == 0 { try connection.tidy() }
        }
    }
}
