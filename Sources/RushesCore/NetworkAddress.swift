/// An address of the Internet protocol, version 4 or 6, without a port and without a zone.
package struct NetworkAddress: Hashable, Sendable {
    /// 4 or 16 bytes, in the order in which they are sent.
    package let bytes: [UInt8]

    /// An address from its bytes; nil when they are neither 4 nor 16.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// True for version 4.
    package var isVersion4: Bool { bytes.count == 4 }

    /// The address of version 4 that `::ffff:a.b.c.d` stands for, or the address itself: an operating system dials the
    /// one when it is given the other.
    package var unwrapped: NetworkAddress {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
        guard !isVersion4, bytes.starts(with: mapped), let inner = NetworkAddress(bytes: Array(bytes.suffix(4))) else {
            return self
        }
        return inner
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// The canonical spelling: four decimal numbers, or RFC 5952.
    package var description: String {
        guard !isVersion4 else { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard let gap = Self.longestGap(groups) else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    /// The first of the longest runs of at least two zeros.
    private static func longestGap(_ groups: [UInt16]) -> Range<Int>? {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<(index + 1)
            }
        }
        return longest.count > 1 ? longest : nil
    }
}
