package import RushesCore
import RushesDatabase
package import RushesStore

/// What the people who run an installation do.
package struct OperatorService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }
}

/// What a confirmed purchase granted.
package struct PurchaseReceipt: Sendable, Equatable {
    /// The purchase.
    package let purchase: Purchase
    /// True when the same purchase had been confirmed before.
    package let isReplay: Bool
}

/// What is bought.
package enum PurchaseOrder: Sendable, Equatable {
    /// A package of the catalogue, by its id.
    case package(String)
    /// Credits at par.
    case topup(Credits)
}

extension OperatorService {
    /// Adds an organization with an empty wallet and a first key; the secret is shown this once.
    ///
    /// - Throws: `Refusal.invalidArgument`, `DatabaseError`.
    package func createOrganization(
        named name: String
    ) async throws -> (organization: OrganizationID, key: APIKey, secret: APIKeySecret) {
        guard !name.isEmpty, name.count <= Limits.nameCharactersMax, !name.hasControlCharacters else {
            throw Refusal.invalidArgument(
                name: "name", reason: "a name has 1 to \(Limits.nameCharactersMax) characters and no control characters"
            )
        }
        let id = engine.environment.ids.next(OrganizationIdentity.self)
        let secret = APIKeySecret(engine.environment.random)
        let keyID = engine.environment.ids.next(APIKeyIdentity.self)
        let key = try await engine.database.write { transaction in
            try transaction.insertOrganization(id, name: name)
            let key = APIKey(id: keyID, organization: id, label: "first", createdAt: transaction.now)
            try transaction.insert(key, secretHash: secret.hash)
            return key
        }
        return (id, key, secret)
    }

    /// Adds a key to an organization; the secret is shown this once.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func createKey(
        for organization: OrganizationID, label: String
    ) async throws -> (key: APIKey, secret: APIKeySecret) {
        guard label.count <= Limits.nameCharactersMax, !label.hasControlCharacters else {
            throw Refusal.invalidArgument(name: "label", reason: "a label has no control characters")
        }
        let secret = APIKeySecret(engine.environment.random)
        let id = engine.environment.ids.next(APIKeyIdentity.self)
        let key = try await engine.database.write { transaction in
            guard try transaction.organizationExists(organization) else { throw Refusal.notFound }
            let key = APIKey(id: id, organization: organization, label: label, createdAt: transaction.now)
            try transaction.insert(key, secretHash: secret.hash)
            return key
        }
        return (key, secret)
    }

    /// Grants what was paid for, once for each payment reference.
    ///
    /// - Throws: `Refusal.purchaseMismatch` when the reference names another purchase, `Refusal.notFound`,
    ///   `Refusal.unknownPackage`, `Refusal.invalidArgument`, `DatabaseError`.
    package func confirmPurchase(
        _ order: PurchaseOrder, for organization: OrganizationID, reference: String
    ) async throws -> PurchaseReceipt {
        guard BatchDraft.requestIDIssue(reference) == nil else {
            throw Refusal.invalidArgument(
                name: "reference", reason: "a reference has 1 to 255 printable ASCII characters")
        }
        let engine = engine
        return try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard var wallet = try transaction.lockWallet(organization) else { throw Refusal.notFound }
            let book = try engine.catalogues.current(transaction)
            let offer = try book.catalogue.offer(for: order)
            if let first = try transaction.purchase(reference: reference) {
                guard first.isSame(as: offer, for: organization) else {
                    throw Refusal.purchaseMismatch(reference: reference)
                }
                return PurchaseReceipt(purchase: first, isReplay: true)
            }
            let purchase = Purchase(
                id: engine.environment.ids.next(PurchaseIdentity.self), organization: organization,
                reference: reference,
                package: offer.package, paid: offer.paid, face: offer.face,
                lot: engine.environment.ids.next(LotIdentity.self), confirmedAt: transaction.now)
            _ = try transaction.grant(purchase, origin: offer.origin, to: &wallet, ids: engine.environment.ids)
            return PurchaseReceipt(purchase: purchase, isReplay: false)
        }
    }

    /// Puts a catalogue in force from now on; open batches keep their price.
    ///
    /// - Throws: `Refusal.invalidCatalogue`, `DatabaseError`.
    package func apply(_ catalogue: Catalogue) async throws -> Int {
        let defects = catalogue.defects
        guard defects.isEmpty else { throw Refusal.invalidCatalogue(defects) }
        let version = try await engine.database.write { transaction in
            let old = try transaction.priceBook()?.catalogue
            let dropped = (old?.models ?? []).filter { catalogue.model($0.id) == nil }.map(\.id)
            guard dropped.isEmpty else {
                throw Refusal.invalidCatalogue(
                    dropped.map { "model \($0): a model that was sold stays, with state retired" })
            }
            return try transaction.apply(catalogue)
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
}

/// What an order pays and grants.
private struct Offer {
    let origin: LotOrigin
    let package: String?
    let paid: Dollars
    let face: Credits
}

extension Catalogue {
    fileprivate func offer(for order: PurchaseOrder) throws(Refusal) -> Offer {
        switch order {
        case .package(let id):
            guard let offer = package(id) else { throw .unknownPackage(id) }
            return Offer(origin: .package, package: id, paid: offer.paid, face: offer.face)
        case .topup(let credits):
            guard credits > .zero, credits.micros <= Limits.lotMicrosMax else {
                throw .invalidArgument(name: "topup_micros", reason: "between 1 and \(Limits.lotMicrosMax)")
            }
            return Offer(origin: .topup, package: nil, paid: Dollars(micros: credits.micros), face: credits)
        }
    }
}

extension Purchase {
    fileprivate func isSame(as offer: Offer, for organization: OrganizationID) -> Bool {
        self.organization == organization && package == offer.package && paid == offer.paid && face == offer.face
    }
}
