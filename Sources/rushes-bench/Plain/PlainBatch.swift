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
    /// The rows of the tasks as COPY takes them, divided into pieces to send.
    let copyPieces: [[UInt8]]

    /// Values of the form and length that the engine writes, ids from the same source.
    init(_ world: BenchWorld, lot: String, count: Int) {
        let ids = world.environment.ids
        let id = ids.next(BatchIdentity.self).rawValue
        let organization = world.organization.rawValue
        let lane = BenchWorld.model.route.lane.rawValue
        let createdAt = world.environment.now().milliseconds
        let tasks = BenchWorld.drafts(count).enumerated().map { index, draft in
            PlainTask(
                id: ids.next(TaskIdentity.self).rawValue, place: index,
                customID: "row-" + String(1_000_001 + index).dropFirst(), prompt: draft.prompt ?? "")
        }
        let lines = tasks.map { task in
            """
            \(task.id)\t\(id)\t\(organization)\t\(lane)\t\(task.place)\t\(task.customID)\t\(task.prompt)\t4\t1280x720\t\
            \(createdAt)\tqueued\t0\t0\t0\t0\t\(createdAt)\n
            """
        }
        self.id = id
        self.organization = organization
        self.lane = lane
        self.lot = lot
        self.createdAt = createdAt
        self.tasks = tasks
        unitPrice = BenchWorld.model.unitPrice.micros
        copyPieces = stride(from: 0, to: lines.count, by: 500).map { start in
            Array(lines[start..<min(start + 500, lines.count)].joined().utf8)
        }
    }

    var total: Int64 { unitPrice * Int64(tasks.count) }

    /// The values of the tasks' rows.
    func taskRows(_ range: Range<Int>? = nil) -> [[String]] {
        tasks[range ?? tasks.indices].map { task in
            [
                task.id, id, organization, lane, "\(task.place)", task.customID, task.prompt, "4", "1280x720",
                "\(createdAt)", "queued", "0", "0", "0", "0", "\(createdAt)",
            ]
        }
    }

    /// The columns of a new task, in the order of `copyPieces` and `taskRows`.
    static let taskColumns = """
        id, batch_id, organization_id, lane_id, place, custom_id, prompt, seconds, size, created_at, state, attempt,
        generations, blind_resubmissions, tries, due_at
        """
}

/// What differs from task to task.
struct PlainTask {
    let id: String
    let place: Int
    let customID: String
    let prompt: String
}
