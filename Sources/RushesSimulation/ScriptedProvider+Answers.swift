import RushesCore
import RushesEngine
import Synchronization

extension ScriptedProvider {
    /// Answers one poll.
    func answer(pollOf id: ProviderJobID) -> PollOutcome {
        if let fault = weather.outage?.fault { return .unavailable(fault) }
        let rates = rates
        if chance.happens(rates.poll) {
            return chance.happens(700)
                ? .unavailable(ProviderFault(.transient, message: "scripted"))
                : .lost(ProviderFault(.lost, message: "scripted"))
        }
        guard let job = job(id) else { return .lost(ProviderFault(.lost, message: "no such job")) }
        guard let endsAt = job.endsAt, endsAt <= clock.now else {
            return .running(
                pollAfterMilliseconds: chance.happens(300) ? chance.between(Int64(50), 2_000) : nil,
                unfamiliarStatus: job.unfamiliarStatus)
        }
        return job.fault.map { .failed($0) } ?? .completed
    }

    /// Lists jobs, newest first.
    func listing(since: Timestamp) throws(ProviderError) -> [ListedJob] {
        if let fault = weather.outage?.fault { throw ProviderError(fault) }
        let rates = rates
        if chance.happens(rates.listing) { throw ProviderError(ProviderFault(.transient, message: "scripted")) }
        let tellsPrompts = !chance.happens(rates.listing)
        let now = clock.now
        let jobs = state.withLock { state in state.order.reversed().compactMap { state.jobs[$0] } }
        return jobs.filter { $0.listedFrom <= now && $0.createdAt >= since }.map { job in
            let second = Timestamp(milliseconds: job.createdAt.seconds * 1_000)
            return ListedJob(
                id: chance.happens(rates.listing / 4) ? nil : job.id, createdAt: second, model: job.submission.model,
                prompt: tellsPrompts ? job.submission.prompt : nil, seconds: job.submission.seconds,
                size: tellsPrompts ? job.submission.size : nil)
        }
    }

    /// The parts of a download, in order; the last one may be missing, or what they hold be wrong.
    func parts(of id: ProviderJobID) throws(ProviderError) -> [DownloadEvent] {
        if let fault = weather.outage?.fault { throw ProviderError(fault) }
        guard let job = job(id), job.fault == nil, let endsAt = job.endsAt, endsAt <= clock.now else {
            throw ProviderError(ProviderFault(.lost, message: "no video"))
        }
        var bytes = SimulatedVideo.bytes(of: id.rawValue)
        let length = Int64(bytes.count)
        if chance.happens(rates.download) {
            switch chance.below(4) {
            case 0: throw ProviderError(ProviderFault(.transient, message: "scripted"))
            case 1: bytes.removeLast(chance.between(1, bytes.count - 1))
            case 2: bytes = Array("<html>".utf8) + bytes.dropFirst(6)
            default: bytes += [0, 0, 0]
            }
        }
        let middle = bytes.count / 2
        return [
            .began(contentLength: chance.happens(800) ? length : nil), .bytes(Array(bytes[..<middle])),
            .bytes(Array(bytes[middle...])),
        ]
    }
}
