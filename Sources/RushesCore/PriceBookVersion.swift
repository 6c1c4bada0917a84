/// A version of the price book with its dates.
package struct PriceBookVersion: Sendable, Equatable {
    /// The version and what is for sale under it.
    package let book: PriceBook
    /// When it was applied.
    package let appliedAt: Timestamp
    /// The date that it was given; nil when it took force as it was applied.
    package let date: Timestamp?

    /// A version from its parts.
    package init(book: PriceBook, appliedAt: Timestamp, date: Timestamp?) {
        self.book = book
        self.appliedAt = appliedAt
        self.date = date
    }

    /// From when it is in force, until another one is.
    package var inForceFrom: Timestamp { date ?? appliedAt }

    /// How a version stands at a moment.
    package enum Standing: String, Sendable, CaseIterable {
        /// It was in force.
        case past
        /// Prices come from it.
        case inForce = "in_force"
        /// Its date is to come.
        case waiting
        /// Another version was applied for the same date, so it takes or took no force.
        case replaced
    }
}

extension [PriceBookVersion] {
    /// How each of all versions stands: the one in force is that with the latest date not to come, and of two with the
    /// same date the higher version.
    package func standings(at now: Timestamp) -> [Int: PriceBookVersion.Standing] {
        let order = sorted { ($0.inForceFrom, $0.book.version) < ($1.inForceFrom, $1.book.version) }
        let current = order.last { $0.date.map { $0 <= now } ?? true }?.book.version
        var standings: [Int: PriceBookVersion.Standing] = [:]
        for (version, next) in zip(order, order.dropFirst().map(Optional.init) + [nil]) {
            let isReplaced = version.date != nil && next?.inForceFrom == version.inForceFrom
            standings[version.book.version] =
                if version.book.version == current {
                    .inForce
                } else if isReplaced {
                    .replaced
                } else {
                    version.inForceFrom > now ? .waiting : .past
                }
        }
        return standings
    }
}

extension Catalogue {
    /// Why it cannot take force after `before` and until `later` does: a model that was sold stays in every version
    /// that follows, retired or not, so that its batches keep their entry.
    package func defects(after before: Catalogue?, until later: PriceBookVersion?) -> [String] {
        let dropped = (before?.models ?? []).filter { model($0.id) == nil }
            .map { "model \($0.id): a model that was sold stays, with state retired" }
        guard let later else { return dropped }
        return dropped
            + models.filter { later.book.catalogue.model($0.id) == nil }.map { model in
                "model \(model.id): version \(later.book.version), which takes force at \(later.inForceFrom.rfc3339), "
                    + "does not have it; apply that one again with it, for the same date"
            }
    }
}
