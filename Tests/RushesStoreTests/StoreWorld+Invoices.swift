import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

extension StoreWorld {
    /// An invoice that is void and its successor, and three months of a credit line: one paid, one void, one open.
    func invoiceHistory() async throws {
        try await database.write { transaction in
            try transaction.save(
                BillingProfile(
                    name: "Studio Limited", addressLines: ["1 Road", "Town"], taxID: "T-1",
                    taxRate: try #require(TaxRate(basisPoints: 1_900))), of: organization)
        }
        try await grant(paid: 1_000_000, face: 1_000_000, reference: "pay-void")
        try await void(try await newestInvoice())
        try await emptyWallet()
        try await setLine(75_000_000)
        for (number, end) in ["paid", "void", "open"].enumerated() {
            try await use(5, of: "month-\(end)")
            let invoice = try #require(try await nextMonth())
            #expect(invoice.sums.net == Credits(micros: 29_950_000).dollars && invoice.state == .issued)
            switch number {
            case 0: try await pay(invoice, reference: "bank-1")
            case 1: try await void(invoice)
            default: break
            }
        }
    }

    /// Sets the limit of the credit line.
    func setLine(_ micros: Int64) async throws {
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            _ = try transaction.setCreditLine(
                of: &wallet, limit: Credits(micros: micros), reason: "agreed", by: "ada", ids: ids)
        }
    }

    /// A batch whose videos are all delivered.
    func use(_ count: Int, of name: String) async throws {
        let plan = try await create(count, requestID: name)
        try await succeed(try await run(plan.tasks))
        try await settle(plan.batch.id)
        try await database.write { transaction in
            try transaction.append([Event(type: "batch.completed", batch: plan.batch.id)], to: organization, ids: ids)
        }
    }

    /// The month ends, its rest expires, and it is closed.
    @discardableResult
    func nextMonth() async throws -> Invoice? {
        let end = CalendarMonth(containing: clock.now).next.start
        clock.advance(seconds: (end.milliseconds(since: clock.now) + 660_000) / 1_000)
        return try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            _ = try transaction.expireLots(of: &wallet, ids: ids)
            guard let use = try transaction.useOfMonthToClose(of: organization) else { return nil }
            return try transaction.close(use, of: &wallet, seller: .unnamed, ids: ids)?.invoice
        }
    }

    /// Records a payment.
    func pay(_ invoice: Invoice, reference: String) async throws {
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            var invoice = invoice
            try transaction.pay(&invoice, reference: reference, into: &wallet, ids: ids)
        }
    }

    /// Takes an invoice out of force.
    func void(_ invoice: Invoice) async throws {
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            var invoice = invoice
            _ = try transaction.void(
                &invoice, Invoice.Voiding(reason: "wrong", by: "ada", at: transaction.now), of: &wallet,
                seller: .unnamed, ids: ids)
        }
    }

    /// The last invoice or credit note.
    func newestInvoice() async throws -> Invoice {
        try #require(
            try await database.read { try $0.invoices(of: organization, before: nil, limit: 1) }.first)
    }

    /// A correction takes all that is free, so that what follows is drawn from the credit line.
    func emptyWallet() async throws {
        try await database.write { transaction in
            var wallet = try #require(try transaction.lockWallet(organization))
            if wallet.available == .zero { return }
            var adjustment = Adjustment(
                id: ids.next(AdjustmentIdentity.self),
                proposal: Adjustment.Proposal(
                    organization: organization, amount: -wallet.available, reason: "why", ticket: "T-2", by: "ada"),
                proposedAt: transaction.now)
            try transaction.insert(adjustment)
            try adjustment.decide(.approve, by: "bob", at: transaction.now)
            try transaction.save(adjustment)
            _ = try transaction.post(adjustment, granting: ids.next(LotIdentity.self), to: &wallet, ids: ids)
        }
    }
}

extension Credits {
    fileprivate var dollars: Dollars { Dollars(micros: micros) }
}
