/// How many accepted jobs have not ended, and the most there have ever been at once.
///
/// The number rises only when a job is added, so looking then is enough for an exact peak.
struct RunningJobs: Sendable {
    /// A binary heap: the soonest end stands first.
    private var ends: [UnixMilliseconds] = []
    private var endless = 0
    private(set) var peak = 0

    mutating func add(_ job: VideoJob) {
        drop(until: job.createdAt)
        if let endsAt = job.endsAt { push(endsAt) } else { endless += 1 }
        peak = max(peak, ends.count + endless)
    }

    mutating func count(at now: UnixMilliseconds) -> Int {
        drop(until: now)
        return ends.count + endless
    }

    private mutating func drop(until now: UnixMilliseconds) {
        while let soonest = ends.first, soonest <= now { removeFirst() }
    }

    private mutating func push(_ end: UnixMilliseconds) {
        ends.append(end)
        var child = ends.count - 1
        while child > 0, ends[child] < ends[(child - 1) / 2] {
            ends.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func removeFirst() {
        ends.swapAt(0, ends.count - 1)
        ends.removeLast()
        var parent = 0
        while true {
            let children = (2 * parent + 1)..<min(2 * parent + 3, max(ends.count, 2 * parent + 1))
            guard let least = children.min(by: { ends[$0] < ends[$1] }), ends[least] < ends[parent] else { return }
            ends.swapAt(least, parent)
            parent = least
        }
    }
}
