import RushesCore
import Testing

@Suite("How long tasks are kept")
struct TaskRetentionTests {
    @Test(
        "as many tasks go together as their rows allow, and always one",
        arguments: [
            ([], 0), ([1], 1), ([1_000, 1], 1), ([1_001, 1], 1), ([400, 400, 400], 2), ([500, 500, 1], 2),
        ] as [([Int], Int)])
    func prefix(rows: [Int], count: Int) {
        #expect(TaskRetention.prefix(ofRows: rows) == count)
    }

    @Test("only what ended so long ago goes, and once")
    func marks() throws {
        let retention = TaskRetention(days: 30)
        let end = moment(5)
        var batch = batch(total: 2, succeeded: 1, failed: 1, status: .processing)
        _ = try batch.posted(closing: true, at: end)
        for (days, isEarly) in [(0, true), (29, true), (30, false)] {
            let now = end.adding(seconds: days * 86_400)
            var copy = batch
            if isEarly {
                #expect(throws: IllegalBatchTransition.self) { try copy.removeTasks(at: now, after: retention) }
                #expect(copy == batch)
            } else {
                try batch.removeTasks(at: now, after: retention)
                #expect(batch.tasksRemovedAt == now && batch.asCreated.tasksRemovedAt == nil)
            }
        }
        #expect(throws: IllegalBatchTransition.self) {
            try batch.removeTasks(at: end.adding(seconds: 99 * 86_400), after: retention)
        }
        var open = batch.asCreated
        #expect(throws: IllegalBatchTransition.self) {
            try open.removeTasks(at: end.adding(seconds: 99 * 86_400), after: retention)
        }
    }
}
