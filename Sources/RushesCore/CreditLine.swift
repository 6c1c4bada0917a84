/// What a customer may use before it pays: each month's use is invoiced, and what is paid can be used again.
package struct CreditLine: Sendable, Equatable {
    /// Whose it is.
    package let organization: OrganizationID
    /// What may be used and not yet paid, at most.
    package private(set) var limit: Credits
    /// How often it was set, from 1.
    package private(set) var changes: Int
    /// The last month whose use was asked for.
    package private(set) var closedMonth: CalendarMonth
    /// The last ledger transaction of that month.
    package private(set) var closedSequence: Int

    /// A line as it stands in the database.
    package init(
        organization: OrganizationID, limit: Credits, changes: Int, closedMonth: CalendarMonth, closedSequence: Int
    ) {
        self.organization = organization
        self.limit = limit
        self.changes = changes
        self.closedMonth = closedMonth
        self.closedSequence = closedSequence
    }

    /// A new line: what happened before it is nothing of it.
    package init(opening organization: OrganizationID, limit: Credits, at now: Timestamp, sequence: Int) {
        self.init(
            organization: organization, limit: limit, changes: 1,
            closedMonth: CalendarMonth(containing: now).previous, closedSequence: sequence)
    }

    /// Sets the limit.
    package mutating func set(limit: Credits) {
        self.limit = limit
        changes += 1
    }

    /// What can be granted: the limit less what was granted and has neither expired nor been paid.
    package func room(owed: Credits) -> Credits { max(.zero, limit - owed) }

    /// The month whose use is to be asked for, once nothing can be posted in it any more.
    package func monthToClose(at now: Timestamp) -> CalendarMonth? {
        Statement.isClosed(closedMonth.next, at: now) ? closedMonth.next : nil
    }

    /// A month's use was asked for, up to a transaction.
    package mutating func close(_ month: CalendarMonth, through sequence: Int) {
        precondition(month == closedMonth.next && sequence >= closedSequence, "months are closed one after the other")
        closedMonth = month
        closedSequence = sequence
    }

    /// When the next month can be closed.
    package var dueAt: Timestamp {
        closedMonth.next.next.start.adding(milliseconds: Statement.closingMilliseconds)
    }
}

/// Videos of one model at one price that a month's credit line paid for, in whole or in part.
package struct CreditLineUse: Sendable, Equatable {
    /// The model.
    package let model: String
    /// What a video cost.
    package let unitPrice: Credits
    /// How many; a video that was paid for by another lot in part counts.
    package private(set) var count: Int
    /// What was charged to the line.
    package private(set) var captured: Credits

    /// What some postings of one model at one price captured of a line's lots.
    ///
    /// A line is drawn last, so what a posting captured of it ends with a whole video, and at most its first one was
    /// begun by another lot.
    ///
    /// - Parameters:
    ///   - whole: videos that fit into what each posting captured, together.
    ///   - begun: postings that captured more than whole videos.
    package init(model: String, unitPrice: Credits, whole: Int, begun: Int, captured: Credits) {
        self.model = model
        self.unitPrice = unitPrice
        count = whole + begun
        self.captured = captured
    }

    /// One use for each model and price, in their order.
    package static func sums(_ parts: [CreditLineUse]) -> [CreditLineUse] {
        var uses: [CreditLineUse] = []
        for part in parts {
            if let place = uses.firstIndex(where: { $0.model == part.model && $0.unitPrice == part.unitPrice }) {
                uses[place].count += part.count
                uses[place].captured += part.captured
            } else {
                uses.append(part)
            }
        }
        return uses.sorted { ($0.model, $0.unitPrice.micros) < ($1.model, $1.unitPrice.micros) }
    }

    /// What is asked for: a credit at list price is a dollar.
    package var net: Dollars { Dollars(micros: captured.micros) }
}

extension InvoiceDraft {
    /// What a month has used of a credit line.
    package static func month(
        _ month: CalendarMonth, _ uses: [CreditLineUse], buyer: BillingProfile
    ) -> InvoiceDraft {
        let net = uses.reduce(Dollars.zero) { $0 + $1.net }
        let lines = uses.map { use in
            let isWhole = use.unitPrice * use.count == use.captured
            return InvoiceDocument.Line(
                item: .video, name: use.model, count: use.count, unitPriceMicros: isWhole ? use.unitPrice.micros : nil,
                creditsMicros: nil, amountMicros: use.net.micros)
        }
        return InvoiceDraft(
            kind: .invoice, subject: .month(month), buyer: buyer, lines: lines, taxRate: buyer.taxRate,
            sums: InvoiceSums(net: net, tax: buyer.taxRate.tax(on: net)), payment: nil, refersTo: nil, reason: nil,
            repayment: nil)
    }
}
