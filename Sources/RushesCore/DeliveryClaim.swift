/// What is done with deliveries that are due: sent now, put off, or moved to where their endpoint's state puts them.
package struct DeliveryClaim: Sendable, Equatable {
    /// What changes; who is `sending` afterwards is to be sent.
    package private(set) var steps: [Step] = []

    /// One delivery's change.
    package struct Step: Sendable, Equatable {
        /// As it was read.
        package let before: WebhookDelivery
        /// As it is to be.
        package let after: WebhookDelivery
    }

    /// Decides about deliveries in the order of their times.
    ///
    /// - Parameters:
    ///   - endpoints: those that could be locked; deliveries to others are left for somebody else.
    ///   - underWay: messages under way, by endpoint.
    ///   - slots: messages that this node can send now, at most.
    ///   - isCrowded: true when more is due than was read; what its endpoint cannot take now then makes room.
    package init(
        _ due: [WebhookDelivery], endpoints: [WebhookEndpointID: WebhookEndpoint],
        underWay: [WebhookEndpointID: Int], slots: Int, isCrowded: Bool, at now: Timestamp
    ) {
        var underWay = underWay
        var slots = slots
        for before in due {
            guard let endpoint = endpoints[before.endpoint], before.state == .pending else { continue }
            var after = before
            if let rest = endpoint.resting {
                after.rest(in: rest, at: now)
            } else if underWay[endpoint.id, default: 0] >= endpoint.inFlightMax {
                // Left where it is, so that an endpoint's messages keep their order; unless it stands in the way of
                // other endpoints'. Then all of it is looked at again together, when one message more can have ended.
                guard isCrowded else { continue }
                after.dueAt = now.adding(milliseconds: endpoint.putOffMilliseconds)
            } else if slots > 0, (try? after.begin(at: now)) != nil {
                underWay[endpoint.id, default: 0] += 1
                slots -= 1
            } else {
                continue
            }
            steps.append(Step(before: before, after: after))
        }
    }
}

extension WebhookEndpoint {
    /// Where deliveries go instead of being sent; nil when they are sent.
    fileprivate var resting: WebhookDelivery.State? {
        if isDeleted { return .cancelled }
        switch health.state {
        case .active: return nil
        case .held: return .held
        case .disabled: return .skipped
        }
    }

    /// Messages at the same time: one until it has taken something, and while the last ones have failed. Receivers that
    /// hang then hold few of the node's places.
    fileprivate var inFlightMax: Int {
        health.lastSuccessAt == nil || health.failuresInRow > 0 ? 1 : settings.maxInFlight
    }

    /// Milliseconds that what it cannot take now is put off. The same for each message: the many behind the first would
    /// else be put off for as long as all before them could hang.
    fileprivate var putOffMilliseconds: Int64 {
        health.failuresInRow > 0 ? Limits.webhookBudgetMilliseconds : 1_000
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
