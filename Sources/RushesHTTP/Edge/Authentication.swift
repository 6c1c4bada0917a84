import HTTPTypes
import Hummingbird
import RushesCore
import RushesStore

/// Finds the organization of a request by its API key.
///
/// The key is looked up by the SHA-256 of its 256 random bits: comparing hashes in an index tells nothing about the
/// key, and the database holds nothing that could be used as one.
struct Authentication: Sendable {
    /// The key that has this text, or nil.
    let lookUp: @Sendable (_ text: String) async throws -> APIKey?

    private static let keyBytesMax = 128

    /// - Throws: `Problem.unauthenticated`, or what the look-up throws.
    func key(of request: Request) async throws -> APIKey {
        guard let text = Self.key(in: request.headers), let key = try await lookUp(text) else {
            throw Problem.unauthenticated
        }
        return key
    }

    private static func key(in headers: HTTPFields) -> String? {
        let values = headers[values: .authorization]
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let key = parts[1].drop { $0 == " " }
        guard key.utf8.count <= keyBytesMax, key.hasPrefix("rsh_") else { return nil }
        return String(key)
    }
}
