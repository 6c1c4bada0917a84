extension Timestamp {
    /// Reads the date of an HTTP header in the one form that servers may send (RFC 9110, 5.6.7):
    /// `Mon, 23 Nov 2026 09:30:00 GMT`; nil for anything else.
    package init?(httpDate text: String) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT",
            let day = Int64(words[1]), (1...31).contains(day),
            let month = Self.months.firstIndex(of: String(words[2])),
            let year = Int64(words[3]), (1_970...9_999).contains(year),
            let seconds = Self.secondsOfDay(words[4])
        else { return nil }
        let days = Self.daysSinceEpoch(year: year, month: Int64(month) + 1, day: day)
        self.init(milliseconds: (days * 86_400 + seconds) * 1_000)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func secondsOfDay(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
            (0...23).contains(hours), (0...59).contains(minutes), (0...60).contains(seconds)
        else { return nil }
        return hours * 3_600 + minutes * 60 + seconds
    }

    /// The day number of a calendar date, by counting in 400-year eras that begin on 1 March.
    static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
