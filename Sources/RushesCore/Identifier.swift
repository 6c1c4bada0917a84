/// A kind of thing that has identifiers with a prefix of its own.
package protocol Identified: Sendable {
    /// The letters before the underscore, as `product.md` section 2 lists them.
    static var prefix: String { get }
}

/// An identifier of one kind of thing: the prefix, an underscore, and a ULID in lower case.
package struct Identifier<Kind: Identified>: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The text as it stands in JSON, SQL and prose.
    package let rawValue: String

    /// Takes a text that this program wrote itself, for example one read from the database.
    package init(trusted rawValue: String) {
        self.rawValue = rawValue
    }

    /// Takes a text from outside; nil when it is not an identifier of this kind.
    package init?(_ text: String) {
        let prefix = Kind.prefix + "_"
        guard text.utf8.count == prefix.utf8.count + ULID.length, text.hasPrefix(prefix),
            ULID.isValid(text.utf8.dropFirst(prefix.utf8.count))
        else { return nil }
        rawValue = text
    }

    /// A new identifier from a time and 80 random bits.
    package init(at time: Timestamp, randomHigh: UInt16, randomLow: UInt64) {
        rawValue = ULID.text(at: time, randomHigh: randomHigh, randomLow: randomLow, after: Kind.prefix + "_")
    }

    package var description: String { rawValue }

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension Identifier: Comparable {
    package static func < (left: Identifier, right: Identifier) -> Bool { left.rawValue < right.rawValue }
}

/// Gives new identifiers; the injected `Environment` owns the only ones.
package protocol IDSource: Sendable {
    /// A new identifier of the wanted kind, later than the ones before it to the millisecond.
    func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind>
}
