/// The memory of the markers that act only on the first creates of a task: `[sim:429]` and `[sim:drop]`.
///
/// It changes at the decision, not when the journal has it, so that two creates at once cannot get the same turn.
struct Admission: Sendable {
    enum Decision: Sendable, Equatable {
        case accept
        /// Accept the job, then close the connection without an answer.
        case acceptAndDrop
        /// Refuse it; `turn` is what the journal must remember when it is not refused each time.
        case refuse(PlannedFault.Kind, turn: String?)
    }

    private var throttles: [String: Int] = [:]
    private var drops: Set<String> = []

    mutating func decide(_ markers: PromptMarkers, task: String) -> Decision {
        if markers.isThrottled, throttles[task, default: 0] < SandboxLimits.throttlesPerTask {
            throttled(task)
            return .refuse(.rateLimited, turn: task)
        }
        if let kind = markers.refusal {
            // An outage is over when the same task comes again; everything else is said each time.
            guard kind == .unavailable else { return .refuse(kind, turn: nil) }
            let turn = "503:" + task
            if throttles[turn] == nil {
                throttled(turn)
                return .refuse(kind, turn: turn)
            }
        }
        if markers.isDropped, !drops.contains(task) {
            dropped(task)
            return .acceptAndDrop
        }
        return .accept
    }

    mutating func throttled(_ task: String) {
        throttles[task, default: 0] += 1
    }

    mutating func dropped(_ task: String) {
        drops.insert(task)
    }
}
