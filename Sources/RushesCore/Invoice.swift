/// An invoice or a credit note as it was issued: its document never changes, only what becomes of it.
package struct Invoice: Sendable, Equatable {
    /// What it is.
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case invoice
        /// Takes an invoice back, in whole or in part.
        case creditNote = "credit_note"
    }

    /// What became of it. A credit note stays `issued`.
    package enum State: String, Sendable, CaseIterable {
        case issued, paid, void
    }

    /// What it is for.
    package enum Subject: Sendable, Equatable {
        /// Credits that were bought.
        case purchase(PurchaseID)
        /// What a month has used of a credit line.
        case month(CalendarMonth)
    }

    /// The payment of an invoice.
    package struct Payment: Sendable, Equatable {
        /// The payment's reference.
        package let reference: String
        /// When it was recorded.
        package let at: Timestamp

        /// A payment from its parts.
        package init(reference: String, at: Timestamp) {
            self.reference = reference
            self.at = at
        }
    }

    /// Why an invoice is not asked for any more.
    package struct Voiding: Sendable, Equatable {
        /// Why, for people.
        package let reason: String
        /// Which operator.
        package let by: String
        /// When.
        package let at: Timestamp

        /// A voiding from its parts.
        package init(reason: String, by: String, at: Timestamp) {
            self.reason = reason
            self.by = by
            self.at = at
        }
    }

    /// The invoice.
    package let id: InvoiceID
    /// Whose it is.
    package let organization: OrganizationID
    /// What it is.
    package let kind: Kind
    /// Its number, with its series and year.
    package let number: InvoiceNumber
    /// What it is for.
    package let subject: Subject
    /// The invoice that a credit note takes back; nil for an invoice.
    package let credited: InvoiceID?
    /// Its sums.
    package let sums: InvoiceSums
    /// The frozen JSON text.
    package let document: String
    /// The text's SHA-256, in lower-case hexadecimal.
    package let documentHash: String
    /// When it was issued.
    package let issuedAt: Timestamp
    /// What became of it.
    package private(set) var state: State
    /// Its payment; an invoice that was paid and then voided keeps it.
    package private(set) var payment: Payment?
    /// Why it is void.
    package private(set) var voiding: Voiding?

    /// An invoice as it stands in the database.
    package init(
        id: InvoiceID, organization: OrganizationID, kind: Kind, number: InvoiceNumber, subject: Subject,
        credited: InvoiceID?, sums: InvoiceSums, document: String, documentHash: String, issuedAt: Timestamp,
        state: State, payment: Payment?, voiding: Voiding?
    ) {
        self.id = id
        self.organization = organization
        self.kind = kind
        self.number = number
        self.subject = subject
        self.credited = credited
        self.sums = sums
        self.document = document
        self.documentHash = documentHash
        self.issuedAt = issuedAt
        self.state = state
        self.payment = payment
        self.voiding = voiding
    }

    /// Records its payment.
    ///
    /// - Throws: `InvoiceRefusal`.
    package mutating func pay(_ payment: Payment) throws(InvoiceRefusal) {
        switch (kind, state) {
        case (.creditNote, _): throw .isCreditNote
        case (.invoice, .paid): throw .isPaid
        case (.invoice, .void): throw .isVoid
        case (.invoice, .issued): break
        }
        state = .paid
        self.payment = payment
    }

    /// Takes it out of force; its number stays its own. An invoice of a month that was paid stays: the money is there,
    /// and what it paid for was delivered.
    ///
    /// - Throws: `InvoiceRefusal`.
    package mutating func void(_ voiding: Voiding) throws(InvoiceRefusal) {
        switch (kind, state, subject) {
        case (.creditNote, _, _): throw .isCreditNote
        case (.invoice, .void, _): throw .isVoid
        case (.invoice, .paid, .month): throw .isPaid
        case (.invoice, .issued, _), (.invoice, .paid, .purchase): break
        }
        state = .void
        self.voiding = voiding
    }
}

/// Why an invoice is not paid or voided; nothing was written.
package enum InvoiceRefusal: Error, Sendable, Equatable {
    /// Credit notes are neither paid nor voided.
    case isCreditNote
    /// It is paid, by another payment than the one that was named.
    case isPaid
    /// It is void.
    case isVoid
    /// A credit note has taken it back in part.
    case isCredited
}

/// The number of an invoice: a series of one year, and the place in it from 1 without a gap.
package struct InvoiceNumber: Sendable, Hashable, CustomStringConvertible {
    /// The series and the year, such as `RSH-2026`.
    package let series: String
    /// The place in the series, from 1.
    package let place: Int

    /// A number from its parts.
    package init(series: String, place: Int) {
        self.series = series
        self.place = place
    }

    /// The series of a year: credit notes count by themselves.
    package static func series(_ prefix: String, _ kind: Invoice.Kind, year: Int) -> String {
        switch kind {
        case .invoice: "\(prefix)-\(year)"
        case .creditNote: "\(prefix)-CN-\(year)"
        }
    }

    package var description: String {
        let digits = String(place)
        return "\(series)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
    }
}

/// What an invoice asks for.
package struct InvoiceSums: Sendable, Equatable {
    /// Without tax.
    package let net: Dollars
    /// The tax on top.
    package let tax: Dollars

    /// Sums from their parts.
    package init(net: Dollars, tax: Dollars) {
        self.net = net
        self.tax = tax
    }

    /// With tax.
    package var total: Dollars { net + tax }
}
