/// A cap on what the batches of one API key or of one project may cost in a day or a month of UTC.
///
/// A batch counts in the period of its freeze, with what was frozen less what came back: a failed task gives its room
/// back when it is posted, in the period in which its batch was frozen.
package struct Budget: Sendable, Equatable {
    /// Whose batches count.
    package let subject: Subject
    /// The day or the month.
    package let span: Span
    /// What they may cost in it; nil when they are only counted.
    package let limit: Credits?
    /// What they have cost in it so far: frozen less given back.
    package private(set) var used: Credits

    /// A budget from its parts.
    package init(subject: Subject, span: Span, limit: Credits?, used: Credits) {
        self.subject = subject
        self.span = span
        self.limit = limit
        self.used = used
    }

    /// What is left of the limit, not below zero; nil without one.
    package var left: Credits? { limit.map { max(.zero, $0 - used) } }

    /// True when a batch of this cost may be frozen.
    package func hasRoom(for cost: Credits) -> Bool { limit.map { used + cost <= $0 } ?? true }

    /// Counts a batch that is frozen.
    package mutating func count(_ cost: Credits) { used += cost }
}

extension Budget {
    /// Whose batches a budget counts.
    package enum Subject: Hashable, Sendable {
        /// Those that were created with an API key.
        case apiKey(APIKeyID)
        /// Those that carry a project's label.
        case project(String)

        private static let keyPrefix = "key:"
        private static let projectPrefix = "project:"

        /// The text that stands in the database.
        package var text: String {
            switch self {
            case .apiKey(let key): Self.keyPrefix + key.rawValue
            case .project(let label): Self.projectPrefix + label
            }
        }

        /// A subject by its text in the database; nil for any other text.
        package init?(text: String) {
            if text.hasPrefix(Self.projectPrefix) {
                self = .project(String(text.dropFirst(Self.projectPrefix.count)))
            } else if text.hasPrefix(Self.keyPrefix), let key = APIKeyID(String(text.dropFirst(Self.keyPrefix.count))) {
                self = .apiKey(key)
            } else {
                return nil
            }
        }
    }

    /// How long a budget lasts before the next one begins.
    package enum Period: String, Sendable, CaseIterable {
        /// From midnight to midnight, UTC.
        case day
        /// A month of the calendar, UTC.
        case month
    }

    /// One day or one month.
    package struct Span: Hashable, Sendable {
        /// Which of the two.
        package let period: Period
        /// Its first moment.
        package let startsAt: Timestamp
        /// The first moment after it.
        package let endsAt: Timestamp

        /// The span that a moment falls into.
        package init(_ period: Period, containing moment: Timestamp) {
            self.period = period
            switch period {
            case .day:
                startsAt = moment.startOfDay
                endsAt = startsAt.adding(milliseconds: 86_400_000)
            case .month:
                let month = CalendarMonth(containing: moment)
                startsAt = month.start
                endsAt = month.next.start
            }
        }
    }
}

extension Batch {
    /// The budgets' subjects that a batch counts for.
    package var budgetSubjects: [Budget.Subject] { [Budget.Subject](apiKey: apiKey, project: project) }
}

extension [Budget.Subject] {
    /// The subjects of a batch with this key and this label.
    package init(apiKey: APIKeyID?, project: String?) {
        self = [apiKey.map(Budget.Subject.apiKey), project.map(Budget.Subject.project)].compactMap(\.self)
    }
}

extension Timestamp {
    /// Midnight before it, UTC.
    fileprivate var startOfDay: Timestamp {
        let day: Int64 = 86_400_000
        let rest = milliseconds % day
        return adding(milliseconds: rest < 0 ? -rest - day : -rest)
    }
}
