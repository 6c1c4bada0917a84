package import RushesCore
package import RushesDatabase
import RushesStore
import Synchronization

/// The catalogue in force, read again by every step and decoded only when its version has changed.
package final class Catalogues: Sendable {
    private let cached = Mutex<PriceBook?>(nil)

    /// Nothing cached yet.
    package init() {}

    /// The catalogue that was in force when one was last looked for; nil before the first look.
    package var remembered: PriceBook? { cached.withLock { $0 } }

    /// The catalogue in force at this transaction.
    ///
    /// - Throws: `DatabaseError`, also when no catalogue was ever applied.
    package func current(_ reader: any SQLReading) throws(DatabaseError) -> PriceBook {
        try current(version: reader.priceBookVersion(), reader)
    }

    /// The same where its version was read in this transaction.
    ///
    /// - Throws: `DatabaseError`, also when no catalogue was ever applied.
    func current(version: Int, _ reader: any SQLReading) throws(DatabaseError) -> PriceBook {
        if let book = cached.withLock({ $0 }), book.version == version { return book }
        guard let book = try reader.priceBook() else { throw DatabaseError(.decoding, "no catalogue was applied yet") }
        cached.withLock { $0 = book }
        return book
    }
}
