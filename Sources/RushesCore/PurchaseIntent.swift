/// What is bought.
package enum PurchaseOrder: Sendable, Equatable {
    /// A package of the catalogue, by its id.
    case package(String)
    /// Credits at par.
    case topup(Credits)
}

/// An intent to buy: credits are granted only when its payment is confirmed.
package struct PurchaseIntent: Sendable, Equatable {
    /// How far it is.
    package enum State: String, Sendable, CaseIterable {
        case pending, granted, cancelled, refunded
    }

    /// The purchase.
    package let id: PurchaseID
    /// Who buys.
    package let organization: OrganizationID
    /// The customer's key of idempotency; nil for what an operator entered.
    package let requestID: String?
    /// What is paid and granted: fixed when it was opened.
    package let offer: PurchaseOffer
    /// When it was opened.
    package let createdAt: Timestamp
    /// How far it is.
    package private(set) var state: State
    /// When it was granted, cancelled or refunded last.
    package private(set) var changedAt: Timestamp

    /// A purchase as it stands in the database.
    package init(
        id: PurchaseID, organization: OrganizationID, requestID: String?, offer: PurchaseOffer, createdAt: Timestamp,
        state: State, changedAt: Timestamp
    ) {
        self.id = id
        self.organization = organization
        self.requestID = requestID
        self.offer = offer
        self.createdAt = createdAt
        self.state = state
        self.changedAt = changedAt
    }

    /// The pointer of the first member in which an order differs from the one that opened it; nil when it is the same.
    /// What a package costs may have changed since.
    package func firstDifference(from order: PurchaseOrder) -> String? {
        switch order {
        case .package(let id): offer.package == id ? nil : "/package"
        case .topup(let credits): offer.package == nil && offer.face == credits ? nil : "/topup_micros"
        }
    }

    /// The payment has come, the purchase was called off, or its rest was paid back.
    ///
    /// - Throws: `IllegalPurchaseChange`.
    package mutating func become(_ next: State, at now: Timestamp) throws(IllegalPurchaseChange) {
        switch (state, next) {
        case (.pending, .granted), (.pending, .cancelled), (.granted, .refunded): break
        case (.pending, .pending), (.pending, .refunded), (.granted, .pending), (.granted, .granted),
            (.granted, .cancelled), (.cancelled, _), (.refunded, _):
            throw IllegalPurchaseChange(from: state, to: next)
        }
        state = next
        changedAt = now
    }
}

/// A change that a purchase in this state does not take; nothing was written.
package struct IllegalPurchaseChange: Error, Sendable, Equatable {
    /// How far it is.
    package let from: PurchaseIntent.State
    /// What was asked for.
    package let to: PurchaseIntent.State

    /// A refused change.
    package init(from: PurchaseIntent.State, to: PurchaseIntent.State) {
        self.from = from
        self.to = to
    }
}

/// What an order pays and grants.
package struct PurchaseOffer: Sendable, Equatable {
    /// The kind of lot.
    package let origin: LotOrigin
    /// The package, if it is one.
    package let package: String?
    /// What is paid.
    package let paid: Dollars
    /// What is granted.
    package let face: Credits

    /// An offer from its parts.
    package init(package: String?, paid: Dollars, face: Credits) {
        origin = package == nil ? .topup : .package
        self.package = package
        self.paid = paid
        self.face = face
    }
}

extension Catalogue {
    /// What an order pays and grants under this catalogue.
    ///
    /// - Throws: `PurchaseRefusal`.
    package func offer(for order: PurchaseOrder) throws(PurchaseRefusal) -> PurchaseOffer {
        switch order {
        case .package(let id):
            guard let offer = package(id) else { throw .unknownPackage(id) }
            return PurchaseOffer(package: id, paid: offer.paid, face: offer.face)
        case .topup(let credits):
            guard credits > .zero, credits.micros <= Limits.lotMicrosMax else {
                throw .invalidTopup(micros: credits.micros)
            }
            return PurchaseOffer(package: nil, paid: Dollars(micros: credits.micros), face: credits)
        }
    }
}

/// Why nothing can be bought like that.
package enum PurchaseRefusal: Error, Sendable, Equatable {
    /// The catalogue has no such package.
    case unknownPackage(String)
    /// A top-up out of bounds.
    case invalidTopup(micros: Int64)
}
