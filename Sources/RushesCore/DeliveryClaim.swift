/// What is done with the head of an endpoint's queue: its first messages are sent as far as there is room, or all of it
/// moves to where the endpoint's state puts it; and when the queue is to be looked at next.
package struct DeliveryClaim: Sendable, Equatable {
    /// What changes; who is `sending` afterwards is to be sent.
    package private(set) var steps: [Step] = []
    /// When there may be something to do again; nil when nothing waits.
    package private(set) var looksAgainAt: Timestamp?
    /// True when the endpoint takes no more at the same time: what ends brings the next look forward.
    package private(set) var isFull = false

    /// One delivery's change.
    package struct Step: Sendable, Equatable {
        /// As it was read.
        package let before: WebhookDelivery
        /// As it is to be.
        package let after: WebhookDelivery
    }

    /// Decides about the head of a queue.
    ///
    /// - Parameters:
    ///   - head: what is due first, in the order of its times; at most `length`, fewer when that is all.
    ///   - length: what was asked for, the endpoint's `headLength`.
    ///   - underWay: messages to the endpoint under way.
    package init(
        _ head: [WebhookDelivery], upTo length: Int, of endpoint: WebhookEndpoint, underWay: Int, at now: Timestamp
    ) {
        if let rest = endpoint.resting {
            steps = head.map { before in
                var after = before
                after.rest(in: rest, at: now)
                return Step(before: before, after: after)
            }
            looksAgainAt = head.count < length ? nil : now
            return
        }
        for before in head {
            var after = before
            guard steps.count < length - 1, (try? after.begin(at: now)) != nil else {
                isFull = before.dueAt <= now && steps.count >= endpoint.room(underWay: underWay)
                let pause = isFull ? endpoint.restMilliseconds : 0
                looksAgainAt = max(before.dueAt, now.adding(milliseconds: pause))
                return
            }
            steps.append(Step(before: before, after: after))
        }
    }

    /// How many messages begin.
    package var begun: Int { steps.count { $0.after.state == .sending } }
}

extension WebhookEndpoint {
    /// How many deliveries of its queue a claim reads: those that can begin, and one that says what follows.
    package func headLength(underWay: Int, slots: Int) -> Int {
        resting == nil ? min(room(underWay: underWay), slots) + 1 : Limits.deliveriesPerRestMax
    }

    /// Where deliveries go instead of being sent; nil when they are sent.
    package var resting: WebhookDelivery.State? {
        if isDeleted { return .cancelled }
        switch health.state {
        case .active: return nil
        case .held: return .held
        case .disabled: return .skipped
        }
    }

    /// Messages that may begin now. One at a time until it has taken something, and while the last ones have failed:
    /// receivers that hang then hold few of the node's places.
    fileprivate func room(underWay: Int) -> Int {
        let isDoubtful = health.lastSuccessAt == nil || health.failuresInRow > 0
        return max(0, (isDoubtful ? 1 : settings.maxInFlight) - underWay)
    }

    /// Milliseconds that a full queue is not looked at, unless a message ends before.
    fileprivate var restMilliseconds: Int64 {
        health.failuresInRow > 0 ? Limits.webhookBudgetMilliseconds : 250
    }
}

extension WebhookDelivery {
    /// Moves it to where its endpoint's state puts what waits.
    fileprivate mutating func rest(in state: State, at now: Timestamp) {
        self.state = state
        endedAt = state.isEnded ? now : nil
    }

    /// What waited for an endpoint is sent again, or given up.
    package func moved(by health: EndpointHealth, isDeleted: Bool, dueAt: Timestamp, at now: Timestamp) -> Self? {
        guard state == .held else { return nil }
        var moved = self
        if isDeleted {
            moved.rest(in: .cancelled, at: now)
            return moved
        }
        switch health.state {
        case .held: return nil
        case .disabled: moved.rest(in: .skipped, at: now)
        case .active:
            moved.state = .pending
            moved.dueAt = dueAt
        }
        return moved
    }

    /// The same event for the same endpoint once more, on somebody's demand.
    package func replayed(
        as id: WebhookDeliveryID, after newest: Int, _ trigger: Trigger, attemptsMax: Int, dueAt: Timestamp,
        at now: Timestamp
    ) -> WebhookDelivery {
        WebhookDelivery(
            id: id, organization: organization, endpoint: endpoint, event: event, eventSequence: eventSequence,
            type: type, replay: newest + 1, trigger: trigger, attemptsMax: attemptsMax, dueAt: dueAt, createdAt: now)
    }
}
