/// Spans of time, an eighth of an octave each: counted by them, every duration is known to about a tenth.
package struct TimeSpans: Sendable, Equatable {
    /// The powers of two milliseconds that are divided; what is shorter falls into the first span, what is longer into
    /// the last.
    private let octaves: Range<Int>

    /// Spans over some octaves.
    package init(octaves: Range<Int>) {
        self.octaves = octaves
    }

    /// How many there are.
    package var count: Int { octaves.count * 8 }

    /// The span that a duration falls into.
    package func index(of milliseconds: Int64) -> Int {
        let value = max(milliseconds, 1 << Int64(octaves.lowerBound))
        let octave = Int64.bitWidth - 1 - value.leadingZeroBitCount
        let eighth = Int(value >> Int64(octave - 3)) & 7
        return min((octave - octaves.lowerBound) * 8 + eighth, count - 1)
    }

    /// Where a span begins and ends, in milliseconds.
    package func bounds(of index: Int) -> (start: Int64, end: Int64) {
        let octave = Int64(octaves.lowerBound + index / 8)
        let width: Int64 = 1 << (octave - 3)
        let start = (1 << octave) + Int64(index % 8) * width
        return (index == 0 ? 0 : start, start + width)
    }
}
