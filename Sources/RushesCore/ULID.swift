/// The 26 characters of Crockford's base 32 behind every identifier: 48 bits of time, 80 random bits, in lower case.
package enum ULID {
    /// Characters in a ULID.
    package static let length = 26

    private static let alphabet: [UInt8] = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The text for a time and 80 random bits, behind a prefix; texts of later milliseconds sort later.
    package static func text(
        at time: Timestamp, randomHigh: UInt16, randomLow: UInt64, after prefix: String = ""
    ) -> String {
        precondition(time.milliseconds >= 0 && time.milliseconds < 1 << 48, "a ULID's time has 48 bits")
        let high = UInt64(time.milliseconds) << 16 | UInt64(randomHigh)
        let start = prefix.utf8.count
        return String(unsafeUninitializedCapacity: start + length) { buffer in
            for (place, byte) in prefix.utf8.enumerated() { buffer[place] = byte }
            // 130 bits are written for 128: the first character holds the top 3 bits only.
            for position in 0..<length {
                let shift = (length - 1 - position) * 5
                buffer[start + position] = alphabet[Int(fiveBits(high: high, low: randomLow, shift: shift))]
            }
            return start + length
        }
    }

    /// True when the bytes are a ULID in lower case.
    package static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count == length, let first = bytes.first, first <= UInt8(ascii: "7") else { return false }
        return bytes.allSatisfy { alphabet.contains($0) }
    }

    private static func fiveBits(high: UInt64, low: UInt64, shift: Int) -> UInt64 {
        if shift >= 64 { return high >> UInt64(shift - 64) & 31 }
        var bits = low >> UInt64(shift)
        if shift > 59 { bits |= high << UInt64(64 - shift) }
        return bits & 31
    }
}
