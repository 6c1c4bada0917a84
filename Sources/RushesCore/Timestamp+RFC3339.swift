extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds, as every answer writes a time: `2026-11-23T09:30:00.000Z`.
    package var rfc3339: String {
        let (date, timeOfDay) = dateAndTimeOfDay
        let seconds = timeOfDay / 1_000
        var text: [UInt8] = []
        text.reserveCapacity(24)
        text.append(date.year, digits: 4)
        text.append(UInt8(ascii: "-"), date.month)
        text.append(UInt8(ascii: "-"), date.day)
        text.append(UInt8(ascii: "T"), seconds / 3_600)
        text.append(UInt8(ascii: ":"), seconds / 60 % 60)
        text.append(UInt8(ascii: ":"), seconds % 60)
        text.append(UInt8(ascii: "."))
        text.append(timeOfDay % 1_000, digits: 3)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    package var description: String { rfc3339 }

    /// The calendar date in UTC.
    var civilDate: (year: Int64, month: Int64, day: Int64) { dateAndTimeOfDay.date }

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
}

extension [UInt8] {
    /// Appends a separator and two digits.
    fileprivate mutating func append(_ separator: UInt8, _ value: Int64) {
        append(separator)
        append(value, digits: 2)
    }

    /// Appends a number with zeros in front; one that is longer stays whole.
    fileprivate mutating func append(_ value: Int64, digits: Int) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        guard value >= 0, value < divisor * 10 else {
            append(contentsOf: String(value).utf8)
            return
        }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}

extension Timestamp {
    /// A moment by its text in UTC, `2026-11-25T03:04:05Z` or with up to three decimals; nil for any other text.
    package init?(rfc3339 text: String) {
        guard text.utf8.count <= 24, text.hasSuffix("Z") else { return nil }
        let halves = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count) else { return nil }
        let decimals = halves.count == 2 ? String(halves[1]) : "000"
        let whole = halves[0].split(separator: "T", omittingEmptySubsequences: false)
        guard whole.count == 2, (1...3).contains(decimals.utf8.count) else { return nil }
        let date = whole[0].split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
        let time = whole[1].split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
        let padded = decimals + String(repeating: "0", count: 3 - decimals.utf8.count)
        guard date.count == 3, time.count == 3, (1970...9999).contains(date[0]), (1...12).contains(date[1]),
            (1...31).contains(date[2]), (0...23).contains(time[0]), (0...59).contains(time[1]),
            (0...59).contains(time[2]), let milliseconds = Int64(padded)
        else { return nil }
        let days = Self.daysSinceEpoch(year: date[0], month: date[1], day: date[2])
        let seconds = days * 86_400 + time[0] * 3_600 + time[1] * 60 + time[2]
        self.init(milliseconds: seconds * 1_000 + milliseconds)
        // What is no date or time of day, or written otherwise, reads back as something else.
        guard rfc3339 == "\(halves[0]).\(padded)Z" else { return nil }
    }
}
