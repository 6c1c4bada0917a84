package import RushesCore

extension LotStandingBody {
    /// The body of a lot at some number of the ledger.
    package init(_ lot: LotStanding) {
        let balances = lot.balances
        self.init(
            lotID: lot.id.rawValue, kind: lot.origin.rawValue, paidMicros: balances.paid.micros,
            faceMicros: balances.face.micros, availableMicros: balances.available.micros,
            heldMicros: balances.held.micros, capturedMicros: balances.captured.micros,
            expiredMicros: balances.expired.micros, revokedMicros: balances.revoked.micros,
            adjustedMicros: balances.adjusted.micros,
            refundedMicros: balances.refunded.micros)
    }

    /// Its balances.
    package var balances: LotBalances {
        LotBalances(
            paid: Dollars(micros: paidMicros), face: Credits(micros: faceMicros),
            available: Credits(micros: availableMicros), held: Credits(micros: heldMicros),
            captured: Credits(micros: capturedMicros), expired: Credits(micros: expiredMicros),
            revoked: Credits(micros: revokedMicros), adjusted: Credits(micros: adjustedMicros),
            refunded: Dollars(micros: refundedMicros))
    }
}

extension [LotStandingBody] {
    /// Balances by lot; of a lot that is named twice the last.
    package var balancesByLot: [LotID: LotBalances] {
        reduce(into: [:]) { $0[LotID(trusted: $1.lotID)] = $1.balances }
    }
}
