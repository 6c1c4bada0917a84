package import RushesCore
import RushesDatabase
import RushesStore

extension OperatorService {
    /// Puts a catalogue in force from now on, or from a date to come; batches keep the price of their freeze.
    ///
    /// A version with a date takes force by the database's clock, whatever is applied before. To change or withdraw it,
    /// another one is applied for the same date: the higher version counts.
    /// - Throws: `Refusal.invalidCatalogue`, `Refusal.invalidArgument` for a date that is not to come, `DatabaseError`.
    @discardableResult
    package func apply(_ catalogue: Catalogue, from date: Timestamp? = nil) async throws -> Int {
        let defects = catalogue.defects
        guard defects.isEmpty else { throw Refusal.invalidCatalogue(defects) }
        let version = try await engine.database.write { transaction in
            let current = try transaction.priceBookInForce()
            if let date {
                guard date > transaction.now else {
                    throw Refusal.invalidArgument(
                        name: "from", reason: "a time to come; without one it takes force now")
                }
                guard current != nil else {
                    throw Refusal.invalidArgument(name: "from", reason: "the first catalogue takes force at once")
                }
            }
            let (before, later) = try transaction.priceBooks(around: date ?? transaction.now)
            let found = catalogue.defects(after: (date == nil ? current : before)?.book.catalogue, until: later)
            guard found.isEmpty else { throw Refusal.invalidCatalogue(found) }
            return try transaction.apply(catalogue, from: date)
        }
        engine.signals.dispatcher.wake()
        return version
    }

    /// The catalogue in force; nil before the first one was applied.
    ///
    /// - Throws: `DatabaseError`.
    package func priceBook() async throws -> PriceBook? {
        try await engine.database.read { reader in try reader.priceBook() }
    }

    /// A version, or the one in force.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func priceBook(version: Int?) async throws -> PriceBookVersion {
        try await engine.database.read { reader in
            let found = try version.map { try reader.priceBook(version: $0) } ?? reader.priceBookInForce()
            guard let found else { throw Refusal.notFound }
            return found
        }
    }

    /// The last versions that were applied, the newest first, and how each stands now.
    ///
    /// - Throws: `DatabaseError`.
    package func priceBookVersions() async throws -> [(version: PriceBookVersion, standing: PriceBookVersion.Standing)]
    {
        try await engine.database.read { reader in
            var versions = try reader.priceBookVersions(limit: Limits.pageItemsMax)
            // What is in force may be older than all that were applied since, for dates to come.
            if let current = try reader.priceBookInForce(),
                !versions.contains(where: { $0.book.version == current.book.version })
            {
                versions.append(current)
            }
            let standings = versions.standings(at: reader.now)
            return versions.compactMap { version in standings[version.book.version].map { (version, $0) } }
        }
    }
}
