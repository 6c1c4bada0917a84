extension VideoModel {
    /// Who makes the videos when the first route cannot, in the order in which they are tried.
    package var fallbackRoutes: [ProviderRoute] { Array(routes.dropFirst()) }

    /// The lane for what waits in one that stands still; nil to stay. `lanes` has the model's lanes that can be used at
    /// all, because their account is configured.
    ///
    /// An open lane is better than a closed one; a closed one is better than one whose provider is gone.
    package func lane(insteadOf present: Lane, among lanes: [LaneID: Lane], at now: Timestamp) -> LaneID? {
        guard present.standsStill(at: now) else { return nil }
        let others = routes.compactMap { lanes[$0.lane] }.filter { $0.id != present.id }
        if let open = others.first(where: { $0.isOpen(at: now) }) { return open.id }
        return present.isGone ? others.first { !$0.isGone }?.id : nil
    }
}

extension Lane {
    /// Closings shorter than this are waited for.
    private static let patienceMilliseconds: Int64 = 60_000

    /// True when its provider no longer offers the model.
    package var isGone: Bool { state == .retired }

    /// True when what waits in it had better go elsewhere.
    package func standsStill(at now: Timestamp) -> Bool {
        isGone || (closedUntil.map { $0.milliseconds(since: now) >= Self.patienceMilliseconds } ?? false)
    }

    /// True when it may be dispatched to now, as far as its provider goes.
    package func isOpen(at now: Timestamp) -> Bool {
        state == .open && (closedUntil.map { $0 <= now } ?? true)
    }
}
