/// Holds one download to its limits, from what came and how long we waited for it.
package struct DownloadMeter: Sendable {
    private let limits: DownloadLimits
    private let startedAtMilliseconds: Int64
    private var windowBytes: Int64 = 0
    private var windowMilliseconds: Int64 = 0

    /// Bytes so far.
    package private(set) var receivedBytes: Int64 = 0

    /// A meter of a download that begins at a moment, in milliseconds of a clock that is never set back.
    package init(_ limits: DownloadLimits, startedAtMilliseconds: Int64) {
        self.limits = limits
        self.startedAtMilliseconds = startedAtMilliseconds
    }

    /// Milliseconds that the next head may take.
    ///
    /// - Throws: `DownloadBreach.tooLong` when none are left.
    package func headMilliseconds(atMilliseconds now: Int64) throws(DownloadBreach) -> Int64 {
        try checkTotal(now)
        return min(limits.headMilliseconds, limits.totalMilliseconds - (now - startedAtMilliseconds))
    }

    /// The head announces a length in bytes, or none.
    ///
    /// - Throws: `DownloadBreach.tooLarge`.
    package func announced(_ bytes: Int64?) throws(DownloadBreach) {
        if let bytes { try checkLength(bytes) }
    }

    /// Bytes came, after a wait that began at a moment.
    ///
    /// - Throws: the first limit that is broken.
    package mutating func received(
        _ bytes: Int, waitedFromMilliseconds start: Int64, atMilliseconds now: Int64
    ) throws(DownloadBreach) {
        receivedBytes += Int64(bytes)
        windowBytes += Int64(bytes)
        windowMilliseconds += now - start
        try checkLength(receivedBytes)
        try checkTotal(now)
        guard windowMilliseconds >= limits.rateWindowMilliseconds else { return }
        // A wait longer than the window must have brought as much as all the windows in it.
        let windows = windowMilliseconds / limits.rateWindowMilliseconds
        guard windowBytes >= windows * limits.bytesPerRateWindowMin else {
            throw .tooSlow(windowBytes: windowBytes, windowMilliseconds: windowMilliseconds)
        }
        windowBytes = 0
        windowMilliseconds = 0
    }

    private func checkLength(_ bytes: Int64) throws(DownloadBreach) {
        if bytes > limits.bytesMax { throw .tooLarge(bytes: bytes, bytesMax: limits.bytesMax) }
    }

    private func checkTotal(_ now: Int64) throws(DownloadBreach) {
        guard now - startedAtMilliseconds < limits.totalMilliseconds else {
            throw .tooLong(totalMilliseconds: limits.totalMilliseconds, receivedBytes: receivedBytes)
        }
    }
}
