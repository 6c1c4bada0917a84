import Crypto
import Foundation

/// Short, stable names for texts: the same text always has the same fingerprint.
enum Fingerprint {
    /// The first `length` hexadecimal digits of the text's SHA-256; `length` is at most 64.
    static func hex(_ text: String, length: Int) -> String {
        let digest = SHA256.hash(data: Data(text.utf8))
        let digits = digest.map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }
        return String(digits.joined().prefix(length))
    }

    /// The first 64 bits of the text's SHA-256.
    static func number(_ text: String) -> UInt64 {
        SHA256.hash(data: Data(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
