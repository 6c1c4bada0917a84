import RushesCore
import RushesEngine
import Synchronization

/// Hands control to one actor of the world at a time: whoever runs, runs alone, until it ends or is stopped.
final class Stage: Sendable {
    /// What gives control back.
    enum Event: Sendable {
        /// The actor's work is done.
        case finished(actor: Int, Work.Ending)
        /// The actor was stopped at one of its ports.
        case parked(actor: Int)
    }

    private let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    init() {
        (events, continuation) = AsyncStream.makeStream(of: Event.self)
    }

    func give(_ event: Event) { continuation.yield(event) }

    /// Whatever happens next; control was given away before.
    func next() async -> Event {
        for await event in events { return event }
        preconditionFailure("the stage is never closed while somebody runs")
    }
}

/// One piece of work of an actor.
struct Work: Sendable {
    /// How it ended.
    enum Ending: Sendable {
        /// It did so many things.
        case done(Int)
        /// The process died in it.
        case crashed
        /// The database broke off, as the world had it.
        case brokeOff
        /// It failed as nothing in the world explains.
        case failed(String)
    }

    let name: String
    let body: @Sendable () async throws -> Int
}

/// An actor's own task: it takes work when it is told to, one piece after the other.
final class Performer: Sendable {
    private let works: AsyncStream<Work>
    private let continuation: AsyncStream<Work>.Continuation
    private let number: Int
    private let stage: Stage

    init(_ number: Int, _ stage: Stage) {
        self.number = number
        self.stage = stage
        (works, continuation) = AsyncStream.makeStream(of: Work.self)
    }

    func start(_ work: Work) { continuation.yield(work) }
    func dismiss() { continuation.finish() }

    /// Performs until it is dismissed.
    func perform() async {
        for await work in works { stage.give(.finished(actor: number, await ending(of: work))) }
    }

    private func ending(of work: Work) async -> Work.Ending {
        do {
            return .done(try await work.body())
        } catch is SimulatedCrash {
            return .crashed
        } catch is BlobError {
            return .brokeOff
        } catch {
            let text = "\(error)"
            return text.hasSuffix(SimulatedProcess.scripted) ? .brokeOff : .failed("\(work.name): \(text)")
        }
    }
}
