/// The credits of one organization, locked for a freeze: the lots that can be drawn from.
package struct Wallet: Sendable, Equatable {
    /// The owner.
    package let organization: OrganizationID
    /// Lots with free credits, in the order of drawing.
    package let lots: [Lot]
    /// True while a payment is disputed: it freezes nothing.
    package let isSuspended: Bool

    /// A wallet from the lots that have free credits, in any order.
    package init(organization: OrganizationID, lots: [Lot], isSuspended: Bool = false) {
        self.organization = organization
        self.isSuspended = isSuspended
        self.lots = lots.sorted(by: Lot.isDrawnBefore)
    }

    /// Credits that can be frozen at a moment: expired lots do not count.
    package func available(at now: Timestamp) -> Credits {
        drawable(at: now).reduce(.zero) { $0 + $1.available }
    }

    /// May this many videos of a model be frozen, and from which lots in which order?
    ///
    /// The model's minimum is waived when the wallet cannot pay a minimum batch any more, so that no package leaves an
    /// unusable rest (`product.md` section 3).
    /// - Throws: `FreezeRefusal`.
    package func freeze(
        _ batch: BatchID, count: Int, model: VideoModel, at now: Timestamp
    ) throws(FreezeRefusal) -> Hold {
        if let refusal = refusal(count: count, model: model, at: now) { throw refusal }
        return Hold(
            batch: batch, unitPrice: model.unitPrice, count: count,
            parts: draw(model.unitPrice * count, at: now))
    }

    func draw(_ total: Credits, at now: Timestamp) -> [HoldPart] {
        var missing = total
        var parts: [HoldPart] = []
        for lot in drawable(at: now) where missing > .zero {
            let amount = min(missing, lot.available)
            parts.append(HoldPart(lot: lot.id, amount: amount))
            missing -= amount
        }
        precondition(missing == .zero, "the sum of the lots was checked before")
        return parts
    }

    private func drawable(at now: Timestamp) -> some Sequence<Lot> {
        lots.lazy.filter { lot in lot.available > .zero && lot.expiresAt.map { $0 > now } ?? true }
            .prefix(Limits.lotsPerFreezeMax)
    }
}

/// Why credits were not frozen; nothing was written.
package enum FreezeRefusal: Error, Sendable, Equatable {
    /// A payment of the wallet is disputed.
    case suspended
    /// The wallet cannot pay.
    case insufficientCredits(needed: Credits, available: Credits)
    /// Fewer tasks than the model takes at least.
    case belowMinimum(count: Int, minimum: Int)
}

extension Wallet {
    /// Why a freeze would be refused now; nil when it would not.
    package func refusal(count: Int, model: VideoModel, at now: Timestamp) -> FreezeRefusal? {
        if isSuspended { return .suspended }
        let available = available(at: now)
        let total = model.unitPrice * count
        if total > available { return .insufficientCredits(needed: total, available: available) }
        let canPayMinimum = model.unitPrice * model.minBatch <= available
        return count < model.minBatch && canPayMinimum ? .belowMinimum(count: count, minimum: model.minBatch) : nil
    }
}
