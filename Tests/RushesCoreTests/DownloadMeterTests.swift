import RushesCore
import Testing

@Suite struct DownloadMeterTests {
    private static let limits = {
        var limits = DownloadLimits.video
        limits.bytesMax = 1_000
        limits.headMilliseconds = 300
        limits.totalMilliseconds = 1_000
        limits.rateWindowMilliseconds = 100
        limits.bytesPerRateWindowMin = 50
        return limits
    }()
    private static func meter() -> DownloadMeter { DownloadMeter(limits, startedAtMilliseconds: 5_000) }

    @Test func aFileWithinItsLimitsPasses() throws {
        var meter = Self.meter()
        try meter.announced(1_000)
        try meter.announced(nil)
        for step in 0..<19 {
            let now = 5_000 + Int64(step) * 50
            try meter.received(50, waitedFromMilliseconds: now, atMilliseconds: now + 50)
        }
        #expect(meter.receivedBytes == 950)
    }

    @Test func theLengthIsLimitedByWhatIsAnnouncedAndByWhatComes() throws {
        #expect(throws: DownloadBreach.tooLarge(bytes: 1_001, bytesMax: 1_000)) { try Self.meter().announced(1_001) }
        var meter = Self.meter()
        try meter.received(1_000, waitedFromMilliseconds: 5_000, atMilliseconds: 5_000)
        #expect(throws: DownloadBreach.tooLarge(bytes: 1_001, bytesMax: 1_000)) {
            try meter.received(1, waitedFromMilliseconds: 5_000, atMilliseconds: 5_000)
        }
    }

    @Test func aHeadGetsWhatIsLeftOfTheWhole() throws {
        #expect(try Self.meter().headMilliseconds(atMilliseconds: 5_000) == 300)
        #expect(try Self.meter().headMilliseconds(atMilliseconds: 5_900) == 100)
        #expect(throws: DownloadBreach.tooLong(totalMilliseconds: 1_000, receivedBytes: 0)) {
            try Self.meter().headMilliseconds(atMilliseconds: 6_000)
        }
    }

    @Test func theWholeEndsInItsTimeHoweverFastItIs() throws {
        var meter = Self.meter()
        try meter.received(900, waitedFromMilliseconds: 5_000, atMilliseconds: 5_999)
        #expect(throws: DownloadBreach.tooLong(totalMilliseconds: 1_000, receivedBytes: 901)) {
            try meter.received(1, waitedFromMilliseconds: 5_999, atMilliseconds: 6_000)
        }
    }

    @Test func aDripIsTooSlow() throws {
        var meter = Self.meter()
        for step in 0..<9 {
            let now = 5_000 + Int64(step) * 10
            try meter.received(1, waitedFromMilliseconds: now, atMilliseconds: now + 10)
        }
        #expect(throws: DownloadBreach.tooSlow(windowBytes: 10, windowMilliseconds: 100)) {
            try meter.received(1, waitedFromMilliseconds: 5_090, atMilliseconds: 5_100)
        }
    }

    @Test func aLongWaitCountsAsManyWindows() throws {
        var meter = Self.meter()
        #expect(throws: DownloadBreach.tooSlow(windowBytes: 149, windowMilliseconds: 350)) {
            try meter.received(149, waitedFromMilliseconds: 5_000, atMilliseconds: 5_350)
        }
        meter = Self.meter()
        try meter.received(150, waitedFromMilliseconds: 5_000, atMilliseconds: 5_350)
    }

    /// Our own disk may take longer than the provider: only waiting counts for the rate.
    @Test func whatOurOwnWorkTakesIsNotHeldAgainstTheProvider() throws {
        var meter = Self.meter()
        for step in 0..<9 {
            let now = 5_000 + Int64(step) * 100
            try meter.received(1, waitedFromMilliseconds: now + 99, atMilliseconds: now + 100)
        }
        #expect(meter.receivedBytes == 9)
    }

    /// A download and the check behind it end before another worker may begin the same.
    @Test func aDownloadFitsIntoTheLeaseOfItsTask() {
        #expect(DownloadLimits.video.longestMilliseconds < VideoTask.storeCallMilliseconds)
        #expect(VideoTask.storeCallMilliseconds < VideoTask.storeLeaseMilliseconds)
    }
}
