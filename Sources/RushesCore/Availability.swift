/// How well the API answered in one month, minute by minute (`product.md` section 1: 99.9 % a month).
package struct Availability: Sendable, Equatable {
    /// The month, in UTC.
    package let month: CalendarMonth
    /// Minutes that are over since the installation's first heartbeat, in this month.
    package let measuredMinutes: Int
    /// Those of them that were down.
    package let downMinutes: Int

    /// What is promised, in millionths.
    package static let targetPPM = 999_000
    /// A minute with fewer requests is not judged by its failures.
    package static let requestsMin = 20
    /// This many hundredths of failures make a minute down.
    package static let failuresPercentMin = 5

    /// A month from its minutes.
    package init(month: CalendarMonth, measuredMinutes: Int, downMinutes: Int) {
        self.month = month
        self.measuredMinutes = measuredMinutes
        self.downMinutes = downMinutes
    }

    /// True when a minute with a heartbeat was down all the same: too many of its requests were answered with a 5xx.
    package static func isDown(requests: Int, failures: Int) -> Bool {
        requests >= requestsMin && failures * 100 >= requests * failuresPercentMin
    }

    /// Millionths of the measured minutes that were up; nil before the first one.
    package var ppm: Int? {
        measuredMinutes == 0 ? nil : (measuredMinutes - downMinutes) * 1_000_000 / measuredMinutes
    }

    /// Minutes of the whole month that may be down.
    package var budgetMinutes: Int { month.minutes * (1_000_000 - Self.targetPPM) / 1_000_000 }

    /// Minutes that may still be down; below zero when the promise is broken.
    package var budgetLeftMinutes: Int { budgetMinutes - downMinutes }
}
