import RushesDatabase

/// Why a process cannot work on its database, in one line for the person who started it.
package struct StartFailure: Error, Equatable, CustomStringConvertible {
    /// What an operator does about it.
    package enum Kind: Sendable, Equatable {
        /// It may pass by itself: the server is down, starts, or is a standby until it is promoted.
        case passing
        /// Somebody has to change something.
        case lasting
    }

    /// What an operator does about it.
    package let kind: Kind
    package let description: String

    /// A failure from its kind and its line.
    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

extension StartFailure {
    /// What an error of the database means for the start, said with the place.
    init(_ error: DatabaseError, at place: String) {
        let words = error.message.split(separator: "\n").joined(separator: " ")
        switch error.kind {
        case .connectionLost where Self.isRefusal(words), .unavailable where Self.isRefusal(words):
            self.init(.lasting, "the database \(place) cannot be used: \(words)")
        case .connectionLost, .busy, .serialization, .commitOutcomeUnknown:
            self.init(.passing, "the database \(place) cannot be reached: \(words)")
        case .unavailable:
            self.init(.passing, "the database \(place) cannot be used now: \(words)")
        case .uniqueViolation, .constraintViolation, .decoding, .invalidStatement, .fatal:
            self.init(.lasting, "the database \(place) cannot be used: \(words)")
        }
    }

    /// True for what waiting does not change. The client library has no code for a connection that was refused, only
    /// the server's words.
    private static func isRefusal(_ words: String) -> Bool {
        [
            "authentication failed", "does not exist", "no pg_hba.conf entry", "permission denied", "no password",
            "must be UTF8", "too old",
        ].contains { words.contains($0) }
    }
}
