extension NetworkAddress {
    /// Reads an address as it is usually written: four decimal numbers with dots, or groups of hexadecimal digits with
    /// colons (RFC 4291), whose end may be such a version 4 address.
    ///
    /// Nil for every odd spelling that some programs read as an address (octal, hexadecimal, fewer numbers), for a zone
    /// after `%`, and for brackets.
    package init?(_ text: String) {
        let bytes = text.utf8.contains(UInt8(ascii: ":")) ? Self.version6(text) : Self.version4(text[...])
        guard let bytes else { return nil }
        self.init(bytes: bytes)
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap(decimalByte)
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    /// 0 to 255 without leading zeros, which some read as octal.
    private static func decimalByte(_ text: Substring) -> UInt8? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy(\.isDecimalDigit),
            text.utf8.count == 1 || text.utf8.first != 0x30
        else { return nil }
        return UInt8(text)
    }

    private static func version6(_ text: String) -> [UInt8]? {
        let halves = halvesAroundGap(text)
        guard let head = groups(halves.head, mayEndInVersion4: halves.tail == nil) else { return nil }
        guard let tailText = halves.tail else { return head.count == 16 ? head : nil }
        // The gap stands for at least one group of zeros.
        guard let tail = groups(tailText, mayEndInVersion4: true), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// What stands before and after the first `::`; a second one leaves an empty group behind, which nobody reads.
    private static func halvesAroundGap(_ text: String) -> (head: Substring, tail: Substring?) {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == ":", next < text.endIndex, text[next] == ":" {
                return (text[..<index], text[text.index(after: next)...])
            }
            index = next
        }
        return (text[...], nil)
    }

    private static func groups(_ text: Substring, mayEndInVersion4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let end = version4(part) else { return nil }
                bytes += end
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexadecimalDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }
}

extension UInt8 {
    /// True for the ASCII characters 0 to 9.
    var isDecimalDigit: Bool { (0x30...0x39).contains(self) }

    /// True for the ASCII characters 0 to 9, a to f and A to F.
    var isHexadecimalDigit: Bool {
        isDecimalDigit || (0x41...0x46).contains(self) || (0x61...0x66).contains(self)
    }
}
