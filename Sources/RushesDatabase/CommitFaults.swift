/// A hook around every commit, for simulation and tests only.
///
/// A driver calls it inside the write; an error that it throws is what `Database.write` throws.
package protocol CommitFaults: Sendable {
    /// Called when a body has run and before its commit; an error rolls the transaction back.
    ///
    /// - Throws: usually `SimulatedCrash`.
    func beforeCommit() throws

    /// Called after a commit is durable; an error hides the answer but keeps the commit.
    ///
    /// - Throws: usually `SimulatedCrash`.
    func afterCommit() throws
}

/// The process died here, as far as the caller can tell.
package struct SimulatedCrash: Error, Equatable, Sendable {
    /// On which side of the commit the process died.
    package enum Moment: String, Sendable {
        case beforeCommit
        case afterCommit
    }

    /// On which side of the commit the process died.
    package let moment: Moment

    /// A crash at a moment.
    package init(_ moment: Moment) {
        self.moment = moment
    }
}
