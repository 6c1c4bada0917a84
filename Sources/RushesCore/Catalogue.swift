/// One version of everything that is for sale: models with their prices and routes, and the prepaid packages.
package struct Catalogue: Sendable, Equatable, Codable {
    /// The models, in the order of the file.
    package let models: [VideoModel]
    /// The prepaid packages.
    package let packages: [PackageOffer]

    /// A catalogue from its parts.
    package init(models: [VideoModel], packages: [PackageOffer]) {
        self.models = models
        self.packages = packages
    }

    /// The entry of a model, retired ones included.
    package func model(_ id: String) -> VideoModel? {
        models.first { $0.id == id }
    }

    /// The offer of a package.
    package func package(_ id: String) -> PackageOffer? {
        packages.first { $0.id == id }
    }
}

/// A prepaid package as it is offered: cash paid and list-priced credits received. The discount is derived, not stored.
package struct PackageOffer: Sendable, Equatable, Codable {
    /// The name on the command line, such as `pack_2000`.
    package let id: String
    /// What the customer pays.
    package let paid: Dollars
    /// What the customer gets, at list price.
    package let face: Credits

    /// An offer from its parts.
    package init(id: String, paid: Dollars, face: Credits) {
        self.id = id
        self.paid = paid
        self.face = face
    }
}

/// A catalogue that is in force, with the version that batches and quotes name.
package struct PriceBook: Sendable, Equatable {
    /// Rises by one with each change.
    package let version: Int
    /// What is for sale.
    package let catalogue: Catalogue

    /// A price book from its parts.
    package init(version: Int, catalogue: Catalogue) {
        self.version = version
        self.catalogue = catalogue
    }
}
