import Crypto
import RushesCore

/// SHA-256 in lower-case hexadecimal; Core has no dependencies, so its bytes are hashed here.
package func sha256Hex(_ bytes: [UInt8]) -> String {
    Array(SHA256.hash(data: bytes)).hexadecimal
}
