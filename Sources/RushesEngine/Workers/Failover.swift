import RushesCore
import RushesDatabase
import RushesStore

/// Where tasks go whose generation failed at their provider, looked up once for each batch and lane of a transaction.
struct Failover {
    private let engine: Engine
    private let reader: any SQLReading
    private var found: [Origin: LaneID?] = [:]

    private struct Origin: Hashable {
        let batch: BatchID
        let lane: LaneID
    }

    /// The look-ups of one transaction.
    init(_ engine: Engine, _ reader: any SQLReading) {
        self.engine = engine
        self.reader = reader
    }

    /// The lane of another generation after an answer to a poll; nil when none follows from it, or it stays.
    mutating func lane(for answer: (task: VideoTask, outcome: PollOutcome)) throws -> LaneID? {
        switch answer.outcome {
        case .failed(let fault):
            guard fault.isWorthAnotherGeneration, answer.task.mayChangeLane else { return nil }
            return try lane(from: Origin(batch: answer.task.batch, lane: answer.task.lane))
        case .running, .completed, .lost, .unavailable: return nil
        }
    }

    private mutating func lane(from origin: Origin) throws -> LaneID? {
        if let known = found[origin] { return known }
        var lane: LaneID?
        if let model = try engine.model(of: origin.batch, reader), model.routes.count > 1 {
            let standings = try engine.standings(of: model, on: try reader.lanes(of: model), reader)
            lane = model.lane(afterFailureOn: origin.lane, among: standings, at: reader.now)
        }
        found[origin] = .some(lane)
        return lane
    }
}

extension Engine {
    /// The catalogue's entry for a batch; nil when it has none any more.
    func model(of batch: BatchID, _ reader: any SQLReading) throws -> VideoModel? {
        guard let name = try reader.route(of: batch)?.model else { return nil }
        return try catalogues.current(reader).catalogue.model(name)
    }
}
