/// How long a server asks us to wait, from its headers `retry-after-ms` and `Retry-After`.
package enum RetryAfter {
    /// Longer wishes are cut to this: a lane looks again after two minutes at the latest.
    package static let millisecondsMax: Int64 = 120_000

    /// The wait in milliseconds, or nil when the headers say nothing that can be read.
    ///
    /// - Parameters:
    ///   - seconds: the value of `Retry-After`: seconds, with or without a fraction, or an HTTP date.
    ///   - milliseconds: the value of `retry-after-ms`, which is the more exact one and wins.
    ///   - now: what a date is compared with.
    package static func milliseconds(seconds: String?, milliseconds: String?, now: Timestamp) -> Int64? {
        let wait = milliseconds.flatMap { thousandths($0, of: 1) } ?? seconds.flatMap { wish($0, now) }
        return wait.map { min(max($0, 0), millisecondsMax) }
    }

    /// The wait of Google's `RetryInfo.retryDelay`, a text such as `34s` or `0.5s`; nil for anything else.
    package static func milliseconds(delay text: String) -> Int64? {
        guard text.hasSuffix("s"), let wait = thousandths(String(text.dropLast()), of: 1_000) else { return nil }
        return min(wait, millisecondsMax)
    }

    /// The wait of `Retry-After` in whole seconds, rounded up and not cut; nil when it cannot be read.
    package static func seconds(_ text: String, now: Timestamp) -> Int64? {
        wish(text, now).map { (max($0, 0) + 999) / 1_000 }
    }

    private static func wish(_ text: String, _ now: Timestamp) -> Int64? {
        thousandths(text, of: 1_000) ?? Timestamp(httpDate: text)?.milliseconds(since: now)
    }

    /// A decimal number times `unit`, rounded down; nil for anything else. Numbers too big to matter are cut.
    private static func thousandths(_ text: String, of unit: Int64) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, isDigits(whole), parts.count == 1 || isDigits(parts[1]) else { return nil }
        guard whole.utf8.count <= 12, let units = Int64(whole) else { return millisecondsMax }
        let fraction = parts.count == 1 ? "" : parts[1].prefix(3)
        let padded = fraction + String(repeating: "0", count: 3 - fraction.utf8.count)
        return units * unit + (Int64(padded) ?? 0) * unit / 1_000
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
