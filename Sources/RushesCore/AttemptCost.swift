/// What a provider asks for one generation, as the catalogue has it.
package struct GenerationPrice: Hashable, Sendable, Codable {
    /// The list price, in micro-US-dollars.
    package let amount: Dollars
    /// True for a provider that bills a generation that it did not finish as well.
    package let isBilledOnFailure: Bool

    /// A price from its parts.
    package init(amount: Dollars, isBilledOnFailure: Bool = false) {
        self.amount = amount
        self.isBilledOnFailure = isBilledOnFailure
    }
}

/// What one attempt cost at its provider, and how surely that is known.
///
/// It follows from the provider's bill once that is imported, else from what stands on the attempt: the price when it
/// was dispatched, and how it ended.
package struct AttemptCost: Sendable, Equatable {
    /// How surely the amount is known.
    package enum Kind: String, Sendable, CaseIterable {
        /// It is what the provider takes: what its bill says, or nothing for what it did not accept.
        case actual
        /// It is the price that the catalogue had when the attempt was dispatched.
        case list
        /// The price is not in the catalogue, or the end of the job is not known.
        case unknown
    }

    /// How surely the amount is known.
    package let kind: Kind
    /// The amount; zero when it is not known.
    package let amount: Dollars

    /// The cost of an attempt that ended like that, dispatched at that price; what a bill says of it goes before both.
    package init(_ outcome: Attempt.Outcome, price: GenerationPrice?, billed: Dollars? = nil) {
        if let billed {
            self.init(.actual, billed)
            return
        }
        switch (outcome, price) {
        case (.notAccepted, _): self.init(.actual, .zero)
        case (.completed, let price?), (.leaked, let price?): self.init(.list, price.amount)
        case (.failed, let price?): self.init(.list, price.isBilledOnFailure ? price.amount : .zero)
        case (.completed, nil), (.leaked, nil), (.failed, nil), (.submitting, _), (.unknown, _), (.running, _),
            (.abandoned, _):
            self.init(.unknown, .zero)
        }
    }

    private init(_ kind: Kind, _ amount: Dollars) {
        self.kind = kind
        self.amount = amount
    }
}
