import RushesCore

/// How often, in a thousand cases, each class of fault happens in one world.
package struct FaultRates: Sendable, Equatable {
    /// A worker dies before or after a commit, or in a call.
    package var crash = 0
    /// A worker is stopped between two of its statements while the others go on.
    package var pause = 0
    /// The database breaks off before or after a commit, and the worker lives on.
    package var database = 0
    /// A create is refused, in every class.
    package var refusal = 0
    /// A create's answer is lost: with the job made, without it, or made a moment later.
    package var lostAnswer = 0
    /// A job fails at the provider, in every class.
    package var failure = 0
    /// A job never ends, ends late, or has a status that nobody knows.
    package var stall = 0
    /// A poll cannot be answered, or answers that there is no such job.
    package var poll = 0
    /// The listing cannot be read, comes late, tells no prompts, or has jobs without a name that can be used.
    package var listing = 0
    /// A download breaks off, is cut or is corrupt.
    package var download = 0
    /// The blob store tears, is full or fails.
    package var blob = 0
    /// The provider retires the model.
    package var retirement = 0
    /// The provider as a whole limits or fails, when it is looked at.
    package var weather = 0

    /// No faults.
    package init() {}

    /// A swarm: each class is off in half of the worlds, and rare, usual or frequent in the others.
    package init(swarm chance: SeededChance) {
        func rate(_ rates: [Int] = [10, 60, 250]) -> Int { chance.happens(500) ? 0 : chance.choice(of: rates) }
        crash = rate([5, 30, 100])
        pause = rate([20, 80, 250])
        database = rate([5, 20, 60])
        refusal = rate()
        lostAnswer = rate()
        failure = rate()
        stall = rate()
        poll = rate()
        listing = rate()
        download = rate()
        blob = rate()
        retirement = chance.happens(100) ? 3 : 0
        weather = rate([200, 500, 800])
    }
}
