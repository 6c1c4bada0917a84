/// An object of Google Cloud Storage: `gs://bucket/name`.
package struct StorageObject: Sendable, Equatable, CustomStringConvertible {
    /// The bucket.
    package let bucket: String
    /// The name, or a prefix of names; may be empty.
    package let name: String

    /// Nil when the text is no such address.
    package init?(_ text: String) {
        guard text.hasPrefix("gs://"), text.utf8.count <= 1_024 else { return nil }
        let rest = text.dropFirst("gs://".count)
        let bucket = rest.prefix { $0 != "/" }
        let isRight = bucket.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isRight, !bucket.isEmpty else { return nil }
        self.bucket = String(bucket)
        name = String(rest.dropFirst(bucket.count).drop { $0 == "/" })
    }

    init(bucket: String, name: String) {
        self.bucket = bucket
        self.name = name
    }

    package var description: String { "gs://\(bucket)/\(name)" }
}
