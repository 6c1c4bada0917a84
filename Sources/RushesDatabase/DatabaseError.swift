/// What went wrong at the database, in the kinds that callers tell apart.
package struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds that callers tell apart.
    package enum Kind: String, Sendable {
        /// Another transaction is in the way; the driver runs the body again.
        case busy
        /// The transaction conflicts with another one; the driver runs the body again.
        case serialization
        /// A unique index refused a row.
        case uniqueViolation
        /// A CHECK, NOT NULL, foreign key or trigger refused a change.
        case constraintViolation
        /// The database cannot be written now: read-only, a standby, or a full disk.
        case unavailable
        /// The connection broke before the transaction could commit: nothing was written.
        case connectionLost
        /// The connection broke during COMMIT: it may or may not be durable. Re-read by key, never repeat blindly.
        case commitOutcomeUnknown
        /// A value in the database has another type than the program expects.
        case decoding
        /// The statement itself is wrong: a defect of this program.
        case invalidStatement
        /// Everything else: input/output error, corruption.
        case fatal
    }

    /// Which kind it is.
    package let kind: Kind
    /// The database's own words, for the log.
    package let message: String

    /// An error from its kind and the database's words.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { "\(kind.rawValue): \(message)" }
}
