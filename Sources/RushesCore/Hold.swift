/// Frozen money of one batch: a ladder of positions of one price over the lots in the order of drawing.
///
/// Successes capture positions from the head, failures release them from the tail. The outcome then depends only on
/// how many tasks succeeded, never on which or in which order (`reference/ledger-billing.md` b.4).
package struct Hold: Sendable, Equatable {
    /// The batch.
    package let batch: BatchID
    /// Price of one position.
    package let unitPrice: Credits
    /// Positions in all.
    package let count: Int
    /// What was drawn from which lot, in the order of drawing; sums to `unitPrice x count`.
    package let parts: [HoldPart]
    /// Positions captured so far: `0 ..< head`.
    package private(set) var head: Int
    /// Positions released so far: `tail ..< count`.
    package private(set) var tail: Int

    /// A new hold, nothing of it settled.
    package init(batch: BatchID, unitPrice: Credits, count: Int, parts: [HoldPart]) {
        self.init(batch: batch, unitPrice: unitPrice, count: count, parts: parts, head: 0, tail: count)
    }

    /// A hold as it stands in the database.
    package init(batch: BatchID, unitPrice: Credits, count: Int, parts: [HoldPart], head: Int, tail: Int) {
        precondition(0 <= head && head <= tail && tail <= count, "the cursors of a hold meet, they never cross")
        precondition(parts.reduce(.zero) { $0 + $1.amount } == unitPrice * count, "the parts are the whole")
        self.batch = batch
        self.unitPrice = unitPrice
        self.count = count
        self.parts = parts
        self.head = head
        self.tail = tail
    }

    /// What was frozen; never changes.
    package var total: Credits { unitPrice * count }
    /// What was charged so far.
    package var captured: Credits { unitPrice * head }
    /// What was given back so far.
    package var released: Credits { unitPrice * (count - tail) }
    /// True when every position is settled.
    package var isClosed: Bool { head == tail }

    /// Settles up to these counts of ended tasks; captures from the head, releases from the tail.
    ///
    /// - Throws: `IllegalSettlement` when the counts go backwards or beyond the hold.
    package mutating func settle(succeeded: Int, failed: Int) throws(IllegalSettlement) -> Settlement {
        guard succeeded >= head, failed >= count - tail, succeeded + failed <= count else {
            throw IllegalSettlement(succeeded: succeeded, failed: failed, head: head, tail: tail, count: count)
        }
        let captures = slice(from: unitPrice * head, to: unitPrice * succeeded)
        let releases = slice(from: unitPrice * (count - failed), to: unitPrice * tail)
        head = succeeded
        tail = count - failed
        return Settlement(captures: captures, releases: releases)
    }

    /// The lots' parts of the ladder between two amounts from its head.
    private func slice(from start: Credits, to end: Credits) -> [HoldPart] {
        var result: [HoldPart] = []
        var partStart = Credits.zero
        for part in parts {
            let partEnd = partStart + part.amount
            let amount = min(end, partEnd) - max(start, partStart)
            if amount > .zero { result.append(HoldPart(lot: part.lot, amount: amount)) }
            partStart = partEnd
        }
        return result
    }
}

/// An amount of one lot.
package struct HoldPart: Sendable, Equatable {
    /// The lot.
    package let lot: LotID
    /// The amount, above zero.
    package let amount: Credits

    /// A part from its lot and amount.
    package init(lot: LotID, amount: Credits) {
        self.lot = lot
        self.amount = amount
    }
}

/// What one posting of a batch moves.
package struct Settlement: Sendable, Equatable {
    /// Held credits that are charged, by lot.
    package let captures: [HoldPart]
    /// Held credits that go back, by lot.
    package let releases: [HoldPart]

    /// The sum charged.
    package var captured: Credits { captures.reduce(.zero) { $0 + $1.amount } }
    /// The sum given back.
    package var released: Credits { releases.reduce(.zero) { $0 + $1.amount } }
}

/// Counts that a hold cannot be settled to: a defect of the program.
package struct IllegalSettlement: Error, Sendable, Equatable {
    /// Successes asked for.
    package let succeeded: Int
    /// Failures asked for.
    package let failed: Int
    /// Positions captured before.
    package let head: Int
    /// First position released before.
    package let tail: Int
    /// Positions in all.
    package let count: Int
}
