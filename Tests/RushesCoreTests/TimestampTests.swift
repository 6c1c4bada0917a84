import RushesCore
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-86_400_000, "1969-12-31T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (1_078_012_800_000, "2004-02-29T00:00:00.000Z"),
            (2_147_483_647_000, "2038-01-19T03:14:07.000Z"), (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"), (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"),
            (1_795_426_201_042, "2026-11-23T09:30:01.042Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func isWrittenAsRFC3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test func everyDayOfFourHundredYearsFollowsTheOneBefore() {
        var (year, month, day) = (1970, 1, 1)
        for number in 0..<146_097 {
            let text = Timestamp(milliseconds: Int64(number) * 86_400_000).rfc3339
            let expected = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00.000Z"
            if text != expected {
                #expect(text == expected)
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            day += 1
            if day > [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] {
                (month, day) = (month + 1, 1)
            }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect((year, month, day) == (2370, 1, 1))
    }

    @Test func secondsAreRoundedDown() {
        #expect(
            [-1_001, -1_000, -1, 0, 999, 1_000].map { Timestamp(milliseconds: $0).seconds } == [-2, -1, -1, 0, 0, 1])
    }

    @Test func differencesAndSums() {
        #expect(moment(0).adding(seconds: 2).milliseconds(since: moment(500)) == 1_500)
        #expect(moment(0).adding(milliseconds: -1) < moment(0))
    }

    @Test func aTextIsReadAsItIsWritten() {
        for text in ["1970-01-01T00:00:00.000Z", "2026-11-25T03:04:05.678Z", "2024-02-29T23:59:59.999Z"] {
            #expect(Timestamp(rfc3339: text)?.rfc3339 == text)
        }
        #expect(Timestamp(rfc3339: "2026-11-25T03:04:05Z")?.rfc3339 == "2026-11-25T03:04:05.000Z")
        #expect(Timestamp(rfc3339: "2026-11-25T03:04:05.6Z")?.rfc3339 == "2026-11-25T03:04:05.600Z")
    }

    @Test(arguments: [
        "", "Z", "2026-11-25", "2026-11-25T03:04:05", "2026-11-25T03:04:05+00:00", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-25T24:00:00Z", "2026-11-25T23:60:00Z", "2026-11-25T23:59:60Z",
        "2026-11-25T03:04:05.Z", "2026-11-25T03:04:05.1234Z", "26-11-25T03:04:05Z", "2026-11-25 03:04:05Z",
        "+026-11-25T03:04:05Z", "2026-11-25T99999999999:0:0Z", "2026-11-25T3:04:05Z", "2026-11-25T03:04:05.+1Z",
    ])
    func whatIsNoTimeIsNotRead(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}
