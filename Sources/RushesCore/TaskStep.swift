/// One task's move, as a worker decided it: what it saw, what it wants, and what follows for the attempt and the lane.
package struct TaskStep: Sendable, Equatable {
    /// The task as the worker saw it; its state and attempt are the condition of the write.
    package let before: VideoTask
    /// The task as it is to be.
    package let after: VideoTask
    /// What follows for its present attempt.
    package let effect: AttemptEffect
    /// The provider's refusal, which closes the lane for a while.
    package let refusal: ProviderFault?
    /// The stored video of a success.
    package let asset: Asset?

    /// A move from its parts.
    package init(
        before: VideoTask, after: VideoTask, effect: AttemptEffect = .none, refusal: ProviderFault? = nil,
        asset: Asset? = nil
    ) {
        precondition(before.id == after.id, "a step moves one task")
        self.before = before
        self.after = after
        self.effect = effect
        self.refusal = refusal
        self.asset = asset
    }
}
