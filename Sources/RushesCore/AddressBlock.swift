/// A block of addresses that begin with the same bits, as `10.0.0.0/8` or `2001:db8::/32`.
package struct AddressBlock: Hashable, Sendable {
    /// The first address of the block.
    package let first: NetworkAddress
    /// Bits that all addresses of the block have in common.
    package let prefixBits: Int

    /// Reads a block, or one address, which is a block of its own; nil when the text is neither, or when bits are set
    /// after the prefix: whoever writes `10.1.2.3/8` may have meant another block.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = parts.first, let first = NetworkAddress(String(base)) else { return nil }
        let bitsMax = first.bytes.count * 8
        var bits = bitsMax
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(\.isDecimalDigit),
                let written = Int(parts[1]), written <= bitsMax
            else { return nil }
            bits = written
        }
        self.first = first
        prefixBits = bits
        guard Self.cut(first.bytes, to: bits) == first.bytes else { return nil }
    }

    /// True when the address lies in the block; a version 4 address that is written as version 6 counts as the former.
    package func contains(_ address: NetworkAddress) -> Bool {
        let bytes = address.unwrapped.bytes
        return bytes.count == first.bytes.count && Self.cut(bytes, to: prefixBits) == first.bytes
    }

    /// The bytes with every bit after the first `bits` cleared.
    private static func cut(_ bytes: [UInt8], to bits: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(max(bits - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xff00 >> kept)
        }
    }
}

extension AddressBlock: CustomStringConvertible {
    package var description: String { "\(first)/\(prefixBits)" }
}
