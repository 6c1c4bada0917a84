/// A month of the calendar in UTC.
package struct CalendarMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The year.
    package let year: Int
    /// The month, from 1.
    package let month: Int

    /// The month that a moment falls into.
    package init(containing moment: Timestamp) {
        let date = moment.civilDate
        year = Int(date.year)
        month = Int(date.month)
    }

    /// A month by its text, `2026-11`; nil for any other text.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isPlain = parts.joined().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard parts.count == 2, parts[0].count == 4, parts[1].count == 2, isPlain,
            let year = Int(String(Substring(parts[0]))), let month = Int(String(Substring(parts[1]))),
            year >= 1970, (1...12).contains(month)
        else { return nil }
        self.year = year
        self.month = month
    }

    /// A month by the number that stands in the database: `202611`.
    package init(number: Int) {
        year = number / 100
        month = number % 100
    }

    /// The number that stands in the database: `202611`.
    package var number: Int { year * 100 + month }

    package var description: String {
        "\(year)-\(month < 10 ? "0" : "")\(month)"
    }

    /// Its first moment.
    package var start: Timestamp {
        Timestamp(milliseconds: Timestamp.daysSinceEpoch(year: Int64(year), month: Int64(month), day: 1) * 86_400_000)
    }

    /// The month after it.
    package var next: CalendarMonth {
        CalendarMonth(number: month == 12 ? (year + 1) * 100 + 1 : number + 1)
    }

    /// The month before it.
    package var previous: CalendarMonth {
        CalendarMonth(number: month == 1 ? (year - 1) * 100 + 12 : number - 1)
    }

    /// Its minutes.
    package var minutes: Int { Int(next.start.milliseconds(since: start) / 60_000) }

    package static func < (left: CalendarMonth, right: CalendarMonth) -> Bool { left.number < right.number }
}
