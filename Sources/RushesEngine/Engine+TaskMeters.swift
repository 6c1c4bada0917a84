import Metrics
import RushesCore
import RushesStore

extension Engine {
    /// Tells `/metrics` of this node how long tasks took that have ended, by model and outcome: from the dispatch that
    /// the promise counts from. Those that were never dispatched took no time.
    func measure(_ committed: CommittedSteps) {
        for (model, task) in committed.ended {
            guard let dispatchedAt = task.dispatchedAt, let finishedAt = task.finishedAt else { continue }
            Recorder(
                label: "rushes_task_duration_ms",
                dimensions: [("model", model), ("outcome", task.failure?.type.rawValue ?? "delivered")]
            ).record(finishedAt.milliseconds(since: dispatchedAt))
        }
    }
}
