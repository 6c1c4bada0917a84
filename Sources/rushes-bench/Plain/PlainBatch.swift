import RushesCore
import RushesEngine

/// The values of one batch, made before the clock starts: with plain SQL only the writing is measured.
struct PlainBatch {
    let id: String
    let organization: String
    let lane: String
    let lot: String
    let unitPrice: Int64
    let createdAt: Int64
    let tasks: [PlainTask]

    /// Values of the form and length that the engine writes, ids from the same source.
    init(_ world: BenchWorld, lot: String, count: Int) {
        let ids = world.environment.ids
        id = ids.next(BatchIdentity.self).rawValue
        organization = world.organization.rawValue
        lane = BenchWorld.model.route.lane.rawValue
        self.lot = lot
        unitPrice = BenchWorld.model.unitPrice.micros
        createdAt = world.environment.now().milliseconds
        tasks = BenchWorld.drafts(count).enumerated().map { index, draft in
            PlainTask(
                id: ids.next(TaskIdentity.self).rawValue, place: index,
                customID: "row-" + String(1_000_001 + index).dropFirst(), prompt: draft.prompt ?? "")
        }
    }

    var total: Int64 { unitPrice * Int64(tasks.count) }
}

/// What differs from task to task.
struct PlainTask {
    let id: String
    let place: Int
    let customID: String
    let prompt: String
}
