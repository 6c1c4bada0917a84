/// One task's move, as a worker decided it: what it saw, what it wants, and what follows for the attempt and the lane.
package struct TaskStep: Sendable, Equatable {
    /// The task as the worker saw it; its state, attempt and lease are the condition of the write.
    package let before: VideoTask
    /// The task as it is to be.
    package let after: VideoTask
    /// What follows for its present attempt.
    package let effect: AttemptEffect
    /// The provider's refusal, which closes the lane for a while; that of a create counts against the account.
    package let refusal: ProviderFault?
    /// The stored video of a success.
    package let asset: Asset?
    /// What the write must find unchanged besides the state.
    package let fence: Fence

    /// What tells that nobody else has taken the task meanwhile.
    package enum Fence: Sendable, Equatable {
        /// The attempt alone: what the provider said of this attempt's create is true however late it is written.
        case attempt
        /// The attempt and the lease: a worker whose lease is over, and that somebody else followed, changes nothing.
        case lease
    }

    /// The same move, with its attempt on a lane.
    package func on(_ lane: LaneID) -> TaskStep {
        var after = after
        after.lane = lane
        return TaskStep(before: before, after: after, effect: effect, refusal: refusal, asset: asset, fence: fence)
    }

    /// A move from its parts.
    package init(
        before: VideoTask, after: VideoTask, effect: AttemptEffect = .none, refusal: ProviderFault? = nil,
        asset: Asset? = nil, fence: Fence = .lease
    ) {
        precondition(before.id == after.id, "a step moves one task")
        self.before = before
        self.after = after
        self.effect = effect
        self.refusal = refusal
        self.asset = asset
        self.fence = fence
    }

    /// Why the provider refused a create, or why nobody knows what became of it.
    package var createFault: ProviderFault? {
        switch effect {
        case .unknown(let fault): fault
        // Its create was accepted long ago: of the account that says nothing.
        case .failed: nil
        case .none, .running, .notAccepted, .completed, .notFound, .abandoned: refusal
        }
    }
}
