import RushesCore

/// How long a worker may work on what it has taken, by the elapsed time of its own machine.
///
/// The database's time decides when somebody else may take it; a comparison of the local wall clock with that moment
/// would err by as much as the two clocks differ. It is made before the transaction that takes the work, so it ends no
/// later than the database's lease.
struct Lease: Sendable {
    private let environment: Environment
    private let endsAtMilliseconds: Int64

    /// A lease that begins now.
    init(milliseconds: Int64, _ environment: Environment) {
        self.environment = environment
        endsAtMilliseconds = environment.elapsedMilliseconds() + milliseconds
    }

    /// What is left of it; below zero when it is over.
    var leftMilliseconds: Int64 { endsAtMilliseconds - environment.elapsedMilliseconds() }
}

/// Tasks that a worker has taken, and for how long.
struct LeasedTasks: Sendable {
    let tasks: [VideoTask]
    let lease: Lease
}
