/// What one world, or several, went through.
package struct SimulationReport: Sendable, Equatable {
    /// Steps of the scheduler.
    package var steps = 0
    /// Worker steps that did something.
    package var productiveSteps = 0
    /// Checks of everything.
    package var fullChecks = 0
    /// Batches made.
    package var batches = 0
    /// Tasks that ended well.
    package var succeeded = 0
    /// Tasks that ended badly.
    package var failed = 0
    /// Ledger transactions.
    package var postings = 0
    /// Creates that reached the provider.
    package var creates = 0
    /// Creates whose answer was lost.
    package var lostAnswers = 0
    /// Processes that died.
    package var crashes = 0
    /// Times that a worker was stopped in the middle.
    package var pauses = 0
    /// Transactions that broke off.
    package var brokenTransactions = 0
    /// Batches whose tasks were removed after their time.
    package var removedBatches = 0
    /// Virtual milliseconds.
    package var virtualMilliseconds: Int64 = 0
    /// The SHA-256 of all chain heads: equal for equal seeds.
    package var fingerprint = ""

    /// Nothing yet.
    package init() {}

    /// The figures of two together; the fingerprint is the later one's.
    package static func + (left: SimulationReport, right: SimulationReport) -> SimulationReport {
        var sum = right
        sum.steps += left.steps
        sum.productiveSteps += left.productiveSteps
        sum.fullChecks += left.fullChecks
        sum.batches += left.batches
        sum.succeeded += left.succeeded
        sum.failed += left.failed
        sum.postings += left.postings
        sum.creates += left.creates
        sum.lostAnswers += left.lostAnswers
        sum.crashes += left.crashes
        sum.pauses += left.pauses
        sum.brokenTransactions += left.brokenTransactions
        sum.removedBatches += left.removedBatches
        sum.virtualMilliseconds += left.virtualMilliseconds
        return sum
    }
}

/// A world in which something did not hold.
package struct SimulationFailure: Error, Sendable, CustomStringConvertible {
    /// The world.
    package let seed: UInt64
    /// The step after which it was seen.
    package let step: Int
    /// What did not hold.
    package let violations: [String]
    /// What happened last, oldest first.
    package let events: [String]

    package var description: String {
        "seed \(seed), step \(step): \(violations.joined(separator: "; "))\nlast events:\n"
            + events.map { "  " + $0 }.joined(separator: "\n")
            + "\nreplay: rushes-simulate --seeds \(seed)..\(seed) --steps \(step) --trace"
    }
}
