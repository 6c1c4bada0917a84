extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds, as every answer writes a time: `2026-11-23T09:30:00.000Z`.
    package var rfc3339: String {
        let (date, timeOfDay) = dateAndTimeOfDay
        let milliseconds = timeOfDay % 1_000
        let seconds = timeOfDay / 1_000
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
            + padded(seconds / 3_600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
            + "." + padded(milliseconds, 3) + "Z"
    }

    package var description: String { rfc3339 }

    /// Days and milliseconds of the day, with the civil date of that day (proleptic Gregorian calendar).
    private var dateAndTimeOfDay: (date: (year: Int64, month: Int64, day: Int64), timeOfDay: Int64) {
        let millisecondsPerDay: Int64 = 86_400_000
        var days = milliseconds / millisecondsPerDay
        var timeOfDay = milliseconds % millisecondsPerDay
        if timeOfDay < 0 {
            days -= 1
            timeOfDay += millisecondsPerDay
        }
        return (Self.civilDate(daysSinceEpoch: days), timeOfDay)
    }

    /// The calendar date of a day number, by counting in 400-year eras that begin on 1 March.
    private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }

    private func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
