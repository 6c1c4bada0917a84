import RushesCore
import Testing

@Suite("Invoices")
struct InvoiceTests {
    @Test("tax is rounded half up to cents, once")
    func tax() throws {
        let rate = try #require(TaxRate(basisPoints: 1_900))
        for (net, tax): (Int64, Int64) in [
            (2_000_000_000, 380_000_000), (0, 0), (10_000, 0), (26_315, 0), (26_316, 10_000), (78_947, 10_000),
            (78_948, 20_000), (1_586_038_134, 301_350_000), (1_000_000_000_000_000, 190_000_000_000_000),
        ] {
            #expect(rate.tax(on: Dollars(micros: net)) == Dollars(micros: tax), "\(net)")
        }
        // Exactly half a cent goes up.
        #expect(TaxRate(basisPoints: 5_000)?.tax(on: Dollars(micros: 10_000)) == Dollars(micros: 10_000))
        #expect(TaxRate.none.tax(on: Dollars(micros: 5_990_000)) == .zero)
        #expect(TaxRate(basisPoints: -1) == nil && TaxRate(basisPoints: 10_001) == nil)
    }

    @Test("a number has its series, its year and six digits or more")
    func numbers() {
        let series = InvoiceNumber.series("RSH", .invoice, year: 2026)
        #expect(InvoiceNumber(series: series, place: 42).description == "RSH-2026-000042")
        #expect(
            InvoiceNumber(series: InvoiceNumber.series("RSH", .creditNote, year: 2026), place: 1_234_567).description
                == "RSH-CN-2026-1234567")
    }

    @Test("videos of a credit line are counted from what its postings captured")
    func uses() {
        func use(_ model: String, whole: Int, begun: Int, _ micros: Int64) -> CreditLineUse {
            CreditLineUse(
                model: model, unitPrice: Credits(micros: 5_990_000), whole: whole, begun: begun,
                captured: Credits(micros: micros))
        }
        // The first video of a batch was paid for by a package in part.
        let uses = CreditLineUse.sums([
            use("veo-pro", whole: 2, begun: 1, 1_000_000 + 2 * 5_990_000),
            use("veo-pro", whole: 3, begun: 0, 3 * 5_990_000), use("other", whole: 1, begun: 0, 5_990_000),
        ])
        #expect(uses.map(\.model) == ["other", "veo-pro"] && uses.map(\.count) == [1, 6])
        #expect(uses[1].net == Dollars(micros: 1_000_000 + 5 * 5_990_000))
    }

    @Test("a line that is lowered below what is owed has no room, and months are closed one after the other")
    func line() throws {
        let month = try #require(CalendarMonth("2026-12"))
        var line = CreditLine(
            opening: OrganizationID(trusted: "org_1"), limit: Credits(micros: 100), at: month.start, sequence: 7)
        #expect(line.closedMonth.description == "2026-11")
        #expect(line.room(owed: Credits(micros: 30)) == Credits(micros: 70))
        line.set(limit: Credits(micros: 20))
        #expect(line.room(owed: Credits(micros: 30)) == .zero && line.changes == 2)
        let closed = month.next.start.adding(milliseconds: Statement.closingMilliseconds)
        #expect(line.dueAt == closed)
        #expect(line.monthToClose(at: closed.adding(milliseconds: -1)) == nil)
        #expect(line.monthToClose(at: closed) == month)
        line.close(month, through: 9)
        #expect(line.monthToClose(at: closed) == nil && line.closedMonth == month && line.closedSequence == 9)
    }

    @Test("what comes back to a lot of a credit line after its month goes at once, and by another key each time")
    func returns() {
        let (end, later) = (Timestamp(milliseconds: 1_000), Timestamp(milliseconds: 5_000))
        var lot = Lot(
            granting: Credits(micros: 10), paid: .zero, origin: .creditLine, id: LotID(trusted: "lot_1"), sequence: 1,
            expiresAt: end)
        lot.hold(Credits(micros: 9))
        #expect(lot.expire(at: end) == Credits(micros: 1))
        lot.release(Credits(micros: 4), at: end)
        #expect(lot.expiresAt == Timestamp(milliseconds: 1_001) && lot.expire(at: end) == nil)
        lot.release(Credits(micros: 5), at: later)
        #expect(lot.expiresAt == later && lot.expire(at: later) == Credits(micros: 9))
    }

    @Test("what is void or credited stays, and a month that is paid is not voided")
    func states() throws {
        let voiding = Invoice.Voiding(reason: "wrong", by: "ada", at: Timestamp(milliseconds: 1))
        let payment = Invoice.Payment(reference: "bank-1", at: Timestamp(milliseconds: 1))
        var month = try invoice(.month(#require(CalendarMonth("2026-11"))), .issued)
        try month.pay(payment)
        #expect(month.state == .paid && month.payment == payment)
        #expect(throws: InvoiceRefusal.isPaid) { try month.pay(payment) }
        #expect(throws: InvoiceRefusal.isPaid) { try month.void(voiding) }
        var purchase = try invoice(.purchase(PurchaseID(trusted: "pur_1")), .paid)
        try purchase.void(voiding)
        #expect(purchase.state == .void && purchase.voiding == voiding)
        #expect(throws: InvoiceRefusal.isVoid) { try purchase.void(voiding) }
        #expect(throws: InvoiceRefusal.isVoid) { try purchase.pay(payment) }
        var note = try invoice(.purchase(PurchaseID(trusted: "pur_1")), .issued, .creditNote)
        #expect(throws: InvoiceRefusal.isCreditNote) { try note.void(voiding) }
        #expect(throws: InvoiceRefusal.isCreditNote) { try note.pay(payment) }
    }

    private func invoice(
        _ subject: Invoice.Subject, _ state: Invoice.State, _ kind: Invoice.Kind = .invoice
    ) throws -> Invoice {
        Invoice(
            id: InvoiceID(trusted: "inv_1"), organization: OrganizationID(trusted: "org_1"), kind: kind,
            number: InvoiceNumber(series: "RSH-2026", place: 1), subject: subject, credited: nil,
            sums: InvoiceSums(net: Dollars(micros: 5), tax: .zero), document: "{}", documentHash: "",
            issuedAt: Timestamp(milliseconds: 0), state: state, payment: nil, voiding: nil)
    }
}
