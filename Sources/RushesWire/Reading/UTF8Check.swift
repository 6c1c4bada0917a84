/// Well-formedness of UTF-8 as Unicode's table 3-7 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Check {
    /// The length of the sequence that begins at `index` with a byte above 0x7F; nil when it is not well-formed.
    static func sequenceLength(in bytes: [UInt8], at index: Int, end: Int) -> Int? {
        let first = bytes[index]
        let second = index + 1 < end ? bytes[index + 1] : 0
        switch first {
        case 0xC2...0xDF:
            return isContinuation(second) ? 2 : nil
        case 0xE0...0xEF:
            let secondIsRight = first == 0xE0 ? second >= 0xA0 : first == 0xED ? second < 0xA0 : true
            guard secondIsRight, isContinuation(second), index + 2 < end, isContinuation(bytes[index + 2]) else {
                return nil
            }
            return 3
        case 0xF0...0xF4:
            let secondIsRight = first == 0xF0 ? second >= 0x90 : first == 0xF4 ? second < 0x90 : true
            guard secondIsRight, isContinuation(second), index + 3 < end, isContinuation(bytes[index + 2]),
                isContinuation(bytes[index + 3])
            else { return nil }
            return 4
        default:
            return nil
        }
    }

    /// The offset of the first byte that is not well-formed UTF-8, or nil.
    static func firstDefect(in bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
            } else if let length = sequenceLength(in: bytes, at: index, end: bytes.count) {
                index += length
            } else {
                return index
            }
        }
        return nil
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
