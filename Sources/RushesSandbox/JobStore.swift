import Synchronization

/// The jobs in the order of the journal, and everything that is counted. Changed only by `apply`, in that order.
final class JobStore: Sendable {
    struct Record: Sendable {
        let job: VideoJob
        /// Nil when the job never delivers rendered bytes.
        let clip: Clip?
    }

    private struct State {
        /// A deleted job leaves a nil, so that paging can continue after it.
        var records: [Record?] = []
        var positions: [String: Int] = [:]
        var running = RunningJobs()
        var shelf = ClipShelf()
        var counters = SandboxCounters()
        var admission = Admission()
        var created = 0
        var trafficNotedAt: UnixMilliseconds = 0
    }

    private let state = Mutex(State())

    /// Applies a durable entry; returns the new record when a job was created.
    @discardableResult
    func apply(_ entry: JournalEntry, isReplay: Bool = false) -> Record? {
        state.withLock { state in
            switch entry {
            case .created(let job, let origin, let dropped):
                let record = Record(job: job, clip: job.needsClip ? state.shelf.clip(for: job) : nil)
                state.positions[job.id] = state.records.count
                state.records.append(record)
                state.running.add(job)
                state.counters.accept(origin, job, dropped: dropped)
                if isReplay {
                    state.created += 1
                    if dropped { state.admission.dropped(origin.task) }
                }
                return record
            case .refused(let status):
                state.counters.rejectedByStatus[status, default: 0] += 1
            case .throttled(let task):
                if isReplay { state.admission.throttled(task) }
            case .deleted(let id):
                if let position = state.positions[id] {
                    if state.records[position] != nil { state.counters.deletes += 1 }
                    state.records[position] = nil
                }
            case .traffic(let traffic):
                if isReplay { state.counters.traffic = traffic }
            }
            return nil
        }
    }

    /// The record of that id; nil when there is none or it was deleted.
    func record(_ id: String) -> Record? {
        state.withLock { state in state.positions[id].flatMap { state.records[$0] } }
    }

    /// The jobs that a condition holds for, in the order of their creation.
    func jobs(where condition: (VideoJob) -> Bool) -> [VideoJob] {
        state.withLock { $0.records.compactMap { $0?.job }.filter(condition) }
    }

    /// The jobs that had not ended at `now`.
    func unfinished(at now: UnixMilliseconds) -> [Record] {
        state.withLock { $0.records.compactMap(\.self).filter { !$0.job.hasEnded(at: now) } }
    }

    /// Decides about the markers that count their task, and numbers the accepted job.
    func admit(_ markers: PromptMarkers, task: String) -> (decision: Admission.Decision, number: Int) {
        state.withLock { state in
            let decision = state.admission.decide(markers, task: task)
            if case .refuse = decision { return (decision, state.created) }
            state.created += 1
            return (decision, state.created)
        }
    }
}

extension JobStore {
    /// One page of a list.
    struct Page: Sendable {
        let jobs: [VideoJob]
        let hasMore: Bool
    }

    /// Up to `limit` jobs after `after`; nil when that id was never created.
    func page(limit: Int, isDescending: Bool, after: String?) -> Page? {
        state.withLock { state in
            let step = isDescending ? -1 : 1
            var position = isDescending ? state.records.count - 1 : 0
            if let after {
                guard let known = state.positions[after] else { return nil }
                position = known + step
            }
            var jobs: [VideoJob] = []
            while state.records.indices.contains(position) {
                if let record = state.records[position], (record.job.surface ?? .openAI) == .openAI {
                    if jobs.count == limit { return Page(jobs: jobs, hasMore: true) }
                    jobs.append(record.job)
                }
                position += step
            }
            return Page(jobs: jobs, hasMore: false)
        }
    }
}

extension JobStore {
    /// Counts one read; returns the counters when it is time to write them down again.
    func count(_ read: SandboxTraffic.Read, at now: UnixMilliseconds) -> JournalEntry? {
        state.withLock { state in
            state.counters.traffic.count(read)
            guard now - state.trafficNotedAt >= SandboxLimits.trafficSnapshotMilliseconds else { return nil }
            state.trafficNotedAt = now
            return .traffic(state.counters.traffic)
        }
    }

    /// The read counters as a journal entry.
    func trafficEntry() -> JournalEntry {
        state.withLock { .traffic($0.counters.traffic) }
    }

    /// The counters as they are shown.
    func countersAnswer(
        at now: UnixMilliseconds, faults: [String: Int] = [:], isSummary: Bool
    ) -> CountersAnswer {
        state.withLock { state in
            let runningNow = state.running.count(at: now)
            return CountersAnswer(
                state.counters, runningNow: runningNow, runningPeak: state.running.peak, faults: faults,
                isSummary: isSummary)
        }
    }
}
