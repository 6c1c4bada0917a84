import Crypto

/// The place in a list where the next page begins, opaque to the caller.
///
/// It carries the list that it was made for and a check sum: a cursor that was changed, or that belongs to another list
/// or filter, is refused instead of silently answering another page. It is no secret and grants nothing.
enum Cursor {
    /// The text for a position in a list; `list` names the list and its filter.
    static func text(_ position: String, in list: String) -> String {
        let payload = Array(position.utf8)
        return base64URL(checkSum(payload, list) + payload)
    }

    /// The position in a text.
    ///
    /// - Throws: `Problem.invalidCursor`.
    static func position(_ text: String, in list: String) throws(Problem) -> String {
        guard text.utf8.count <= 256, let bytes = bytes(base64URL: text), bytes.count > checkSumBytes else {
            throw .invalidCursor
        }
        let payload = Array(bytes.dropFirst(checkSumBytes))
        guard Array(bytes.prefix(checkSumBytes)) == checkSum(payload, list) else { throw .invalidCursor }
        return String(decoding: payload, as: UTF8.self)
    }

    private static let checkSumBytes = 6
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func checkSum(_ payload: [UInt8], _ list: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(list.utf8) + [0] + payload).prefix(checkSumBytes))
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func bytes(base64URL text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            buffer = (buffer << 6 | UInt32(value)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 0xFF))
            }
        }
        return bits < 6 && buffer & (1 << bits - 1) == 0 ? bytes : nil
    }
}
