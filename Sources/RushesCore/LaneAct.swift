/// What an operator did to a lane: one thing that was changed, from what to what.
package struct LaneAct: Sendable, Equatable {
    /// The lane.
    package let lane: LaneID
    /// The number of the act at its lane, from 1.
    package let number: Int
    /// What was changed.
    package let change: Change
    /// Why, and who says so.
    package let note: Note
    /// When.
    package let actedAt: Timestamp

    /// What an operator can change of a lane.
    package enum Subject: String, Sendable, CaseIterable {
        /// Whether it runs.
        case control
        /// Jobs at the same time.
        case maxInFlight = "max_in_flight"
        /// Creates per minute.
        case createsPerMinute = "creates_per_minute"
        /// Polls per minute of the lane's account, over all its lanes.
        case pollsPerMinute = "polls_per_minute"
    }

    /// One thing that changed; nil stands for the catalogue's limit.
    package struct Change: Sendable, Equatable {
        /// What was changed.
        package let subject: Subject
        /// What it was.
        package let before: String?
        /// What it is from then on.
        package let after: String?

        /// A change from its parts.
        package init(_ subject: Subject, from before: String?, to after: String?) {
            self.subject = subject
            self.before = before
            self.after = after
        }

        /// A limit that was set; nil for one that stays as it is.
        package init?(_ subject: Subject, from before: Int?, to after: Int?) {
            if before == after { return nil }
            self.init(subject, from: before.map(String.init), to: after.map(String.init))
        }
    }

    /// Why something was done, and who says so; nil when it was not told.
    package struct Note: Sendable, Equatable {
        /// Why.
        package let reason: String?
        /// Who.
        package let by: String?

        /// A note from its parts.
        package init(reason: String? = nil, by: String? = nil) {
            self.reason = reason
            self.by = by
        }
    }

    /// An act from its parts.
    package init(lane: LaneID, number: Int, change: Change, note: Note, actedAt: Timestamp) {
        self.lane = lane
        self.number = number
        self.change = change
        self.note = note
        self.actedAt = actedAt
    }
}

extension Lane {
    /// What stands in the history of a lane for what operators and the provider have made of it.
    package var controlName: String {
        switch state {
        case .open: control.rawValue
        case .retired: state.rawValue
        }
    }
}
