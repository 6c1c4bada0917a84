import HTTPTypes
import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import RushesWire
import Testing

@Suite("Invoices and what they say of a customer", .onEachDatabase)
struct InvoiceRouteTests {
    @Test("a purchase has its invoice at once, frozen with its hash, with tax and the customer's own words")
    func purchase() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let profile = try await client.put(
                "/v1/billing_profile", #"{"name":"Studio <Ltd>","address":["1 Road","Town"],"tax_id":"T-1"}"#)
            try await expectContract(profile, 200, "BillingProfile", client)
            try await world.tax(1_900)
            try await world.buy("po-1", micros: 100_010_000, client)
            let list = try await client.get("/v1/invoices")
            try await expectContract(list, 200, "InvoiceList", client)
            let invoice = try #require(try list.body(ListBody<InvoiceBody>.self).data.first)
            #expect(invoice.number == "RSH-2026-000003" && invoice.status == "paid" && invoice.kind == "invoice")
            // 19 % of 100.01 are 19.0019.
            #expect(
                [invoice.netMicros, invoice.taxMicros, invoice.totalMicros] == [100_010_000, 19_000_000, 119_010_000])
            #expect(invoice.documentSHA256 == sha256Hex(Array(invoice.document.utf8)))
            #expect(
                invoice.document.contains(#""name":"Studio <Ltd>""#) && invoice.document.contains(#""tax_id":"T-1""#))
            let single = try await client.get("/v1/invoices/\(invoice.id)")
            try await expectContract(single, 200, "Invoice", client)
            #expect(try single.body(InvoiceBody.self) == invoice)
            let event = try #require(
                try await client.get("/v1/events?after=0&limit=100").body(ListBody<EventBody>.self).data.last {
                    $0.type == "invoice.issued"
                })
            #expect(event.data["invoice_id"] == .text(invoice.id) && event.data["number"] == .text(invoice.number))
            #expect(event.data["total_micros"] == .integer(119_010_000) && event.data["currency"] == .text("USD"))
            let wallet = try await client.get("/v1/wallet").body(WalletBody.self)
            #expect(wallet.availableMicros == 49_000_000 + 100_010_000)
            #expect(try await world.cash("cash") == 49_000_000 + 119_010_000)
            #expect(try await world.cash("tax") == -19_000_000)
            try await world.expectSound()
        }
    }

    @Test("the page has the figures of the document in both languages, and nothing from elsewhere")
    func page() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            _ = try await client.put("/v1/billing_profile", #"{"name":"Studio <Ltd>","address":["1 Road"]}"#)
            try await world.tax(750)
            try await world.buy("po-1", micros: 20_000_000, client)
            let invoice = try await world.newest(client)
            for (query, words) in [("", ["Invoice", "Tax 7.50 %"]), ("?lang=zh", ["发票", "税额 7.50 %"])] {
                let page = try await client.get("/v1/invoices/\(invoice.id).html" + query)
                #expect(page.status == 200 && page.headers[.contentType] == "text/html; charset=utf-8")
                for word in words + [invoice.number, invoice.documentSHA256, "Studio &lt;Ltd&gt;", "1 Road"] {
                    #expect(page.text.contains(word), "\(word)")
                }
                for figure in [invoice.netMicros, 1_500_000, invoice.totalMicros] {
                    #expect(page.text.contains("<td class=\"amount\">\(MoneyText.plain(figure))</td>"), "\(figure)")
                }
                #expect(!page.text.contains("http") && !page.text.contains("<script"))
            }
            #expect(try await client.get("/v1/invoices/\(invoice.id).html?lang=fr").issues == ["lang invalid_value"])
        }
    }

    @Test("a refund has its credit note with its tax, and a void invoice keeps its number and is issued anew")
    func takenBack() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.tax(1_000)
            let id = try await world.buy("po-1", micros: 10_000_000, client)
            let first = try await world.newest(client)
            _ = try await client.put("/v1/billing_profile", #"{"name":"Right","address":[]}"#)
            let operators = OperatorService(world.engine)
            let voided = try await operators.voidInvoice(
                try #require(InvoiceID(first.id)), reason: "wrong name", by: "ada")
            #expect(voided.creditNote.number.description == "RSH-CN-2026-000001")
            #expect(voided.replacement?.number.description == "RSH-2026-000004")
            let old = try await client.get("/v1/invoices/\(first.id)").body(InvoiceBody.self)
            #expect(old.status == "void" && old.number == first.number && old.voidReason == "wrong name")
            #expect(old.document == first.document && old.paymentReference == "bank-po-1")
            #expect(try await client.get("/v1/invoices/\(first.id).html").text.contains("class=\"stamp\""))
            let replacement = try #require(voided.replacement?.id)
            await #expect(throws: Refusal.invoiceRefused(.isCreditNote)) {
                _ = try await operators.voidInvoice(voided.creditNote.id, reason: "no", by: "ada")
            }
            await #expect(throws: Refusal.invoiceRefused(.isVoid)) {
                _ = try await operators.voidInvoice(voided.invoice.id, reason: "no", by: "ada")
            }
            _ = try await operators.refundPurchase(id, reference: "back-1", reason: "asked", by: "ada")
            await #expect(throws: Refusal.invoiceRefused(.isCredited)) {
                _ = try await operators.voidInvoice(replacement, reason: "no", by: "ada")
            }
            let note = try await world.newest(client)
            #expect(note.kind == "credit_note" && note.number == "RSH-CN-2026-000002" && note.status == "issued")
            #expect([note.netMicros, note.taxMicros] == [10_000_000, 1_000_000])
            #expect(note.creditedInvoiceID == voided.replacement?.id.rawValue)
            let purchase = try await client.get("/v1/purchases/\(id)")
            try await expectContract(purchase, 200, "Purchase", client)
            #expect(try purchase.body(PurchaseBody.self).refund?.taxMicros == 1_000_000)
            #expect(try await world.cash("tax") == 0)
            try await world.expectSound()
        }
    }

    @Test("a purchase says what is to be paid with tax before it is, and then what was")
    func chargeOfPurchase() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            func purchase(_ id: PurchaseID) async throws -> PurchaseBody {
                let answer = try await client.get("/v1/purchases/\(id)")
                try await expectContract(answer, 200, "Purchase", client)
                return try answer.body(PurchaseBody.self)
            }
            try await world.tax(1_900)
            let answer = try await client.post("/v1/purchases", #"{"request_id":"po-1","topup_micros":100010000}"#)
            try await expectContract(answer, 201, "Purchase", client)
            let opened = try answer.body(PurchaseBody.self)
            #expect(opened.paidMicros == 100_010_000 && opened.taxRateBasisPoints == 1_900)
            // 19.0019, rounded to cents.
            #expect(opened.taxMicros == 19_000_000 && opened.totalMicros == 119_010_000)
            let id = try #require(PurchaseID(opened.id))
            try await world.tax(700)
            #expect(try await purchase(id).totalMicros == 107_010_000)
            let pending = try await OperatorService(world.engine).pendingPurchases(of: world.first.organization)
            #expect(pending.map(\.charge?.sums.total.micros) == [107_010_000])
            _ = try await OperatorService(world.engine).confirmPurchase(id, reference: "bank-1")
            try await world.tax(0)
            let granted = try await purchase(id)
            #expect(granted.taxMicros == 7_000_000 && granted.totalMicros == 107_010_000)
            #expect(granted.taxRateBasisPoints == 700)
            #expect(try await world.newest(client).totalMicros == granted.totalMicros)
            let other = try await client.post("/v1/purchases", #"{"request_id":"po-2","topup_micros":5}"#)
            let cancelled = try await client.post("/v1/purchases/\(try other.body(PurchaseBody.self).id)/cancel", "")
            try await expectContract(cancelled, 200, "Purchase", client)
            #expect(try cancelled.body(PurchaseBody.self).totalMicros == nil)
        }
    }

    @Test("a month of a credit line is asked for once, by model, and what is paid can be used again")
    func month() async throws {
        let world = try await EdgeWorld.make(creditMicros: 490_000)
        try await world.test { client in
            let operators = OperatorService(world.engine)
            try await world.tax(2_000)
            _ = try await operators.setCreditLine(
                of: world.first.organization, limit: Credits(micros: 4_900_000), reason: "agreed", by: "ada")
            #expect(try await client.get("/v1/wallet").body(WalletBody.self).availableMicros == 5_390_000)
            // One video is paid for by the top-up, three by the line; of the batch at the border two.
            _ = try await client.post("/v1/batches", world.batch("a", ["x", "x", "x", "x", "[fail]"]))
            try await world.work()
            _ = try await client.post("/v1/batches", world.batch("border", ["x", "x"]))
            world.moveBehindMonth()
            for _ in 0..<3 { _ = try await MonthEnd(world.engine).step() }
            _ = try await Expirer(world.engine).step()
            let invoice = try await world.newest(client)
            #expect(invoice.month == "2026-11" && invoice.status == "issued" && invoice.number == "RSH-2026-000003")
            #expect([invoice.netMicros, invoice.taxMicros] == [3 * 490_000, 290_000])
            #expect(invoice.document.contains(#""count":3"#) && invoice.document.contains(#""name":"sora-2""#))
            #expect(try await world.cash("receivable") == invoice.totalMicros)
            let id = try #require(InvoiceID(invoice.id))
            // What the batch at the border holds is not paid for and not free.
            #expect(try await world.free(client) == 4_900_000 - 5 * 490_000)
            for isReplay in [false, true] {
                let paid = try await operators.payInvoice(id, reference: "bank-1")
                #expect(paid.isReplay == isReplay && paid.invoice.state == .paid)
                #expect(try await world.free(client) == 4_900_000 - 2 * 490_000)
            }
            await #expect(throws: Refusal.invoiceRefused(.isPaid)) {
                _ = try await operators.payInvoice(id, reference: "bank-2")
            }
            await #expect(throws: Refusal.paymentMismatch(reference: "bank-1")) {
                _ = try await operators.confirmPurchase(
                    .topup(Credits(micros: 5)), for: world.first.organization, reference: "bank-1")
            }
            #expect(try await world.cash("receivable") == 0)
            try await world.work()
            world.moveBehindMonth()
            _ = try await MonthEnd(world.engine).step()
            let next = try await world.newest(client)
            #expect(next.month == "2026-12" && next.number == "RSH-2027-000001" && next.netMicros == 2 * 490_000)
            let voided = try await operators.voidInvoice(
                try #require(InvoiceID(next.id)), reason: "goodwill", by: "ada")
            #expect(voided.replacement == nil && voided.creditNote.number.description == "RSH-CN-2027-000001")
            _ = try await Expirer(world.engine).step()
            #expect(try await world.free(client) == 4_900_000)
            #expect(try await world.cash("receivable") == 0)
            // Nothing was used in January.
            world.moveBehindMonth()
            _ = try await MonthEnd(world.engine).step()
            #expect(try await world.newest(client).number == "RSH-CN-2027-000001")
            try await world.expectSound()
        }
    }

    @Test("a line that is lowered loses what is free beyond it, and a correction takes nothing of it")
    func lowered() async throws {
        let world = try await EdgeWorld.make(creditMicros: 1_000_000)
        try await world.test { client in
            let operators = OperatorService(world.engine)
            func set(_ micros: Int64) async throws {
                _ = try await operators.setCreditLine(
                    of: world.first.organization, limit: Credits(micros: micros), reason: "agreed", by: "ada")
            }
            try await set(3_000_000)
            _ = try await client.post("/v1/batches", world.batch("a", ["x", "x", "x", "x"]))
            #expect(try await world.free(client) == 4_000_000 - 4 * 490_000)
            try await set(2_500_000)
            #expect(try await world.free(client) == 3_500_000 - 4 * 490_000)
            try await set(500_000)
            #expect(try await world.free(client) == 0)
            try await world.expectSound()
            try await set(5_000_000)
            #expect(try await world.free(client) == 6_000_000 - 4 * 490_000)
            let proposal = Adjustment.Proposal(
                organization: world.first.organization, amount: Credits(micros: -1), reason: "r", ticket: "t", by: "ada"
            )
            let adjustment = try await operators.proposeAdjustment(proposal)
            let needed = AdjustmentRefusal.insufficientCredits(needed: Credits(micros: 1), available: .zero)
            await #expect(throws: Refusal.adjustmentRefused(needed)) {
                _ = try await operators.decideAdjustment(adjustment.id, .approve, by: "bob")
            }
            try await world.expectSound()
        }
    }

    @Test("what cannot be printed is refused")
    func refused() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            for (body, place) in [
                (#"{"name":"","address":[]}"#, "/name invalid_value"),
                (#"{"name":"a","address":["b\nc"]}"#, "/address invalid_value"),
                (
                    #"{"name":"a","address":[],"tax_id":"\#(String(repeating: "x", count: 65))"}"#,
                    "/tax_id invalid_value"
                ),
                (#"{"name":"a","address":[5]}"#, "/address/0 invalid_type"),
                (#"{"name":"a"}"#, "/address missing_field"),
                (#"{"name":"a","address":[],"tax_rate_basis_points":0}"#, "/tax_rate_basis_points unknown_field"),
            ] {
                #expect(try await client.put("/v1/billing_profile", body).issues == [place], "\(body)")
            }
            let profile = try await client.get("/v1/billing_profile").body(BillingProfileBody.self)
            #expect(profile.name == "First" && profile.address.isEmpty && profile.taxRateBasisPoints == 0)
        }
    }
}

extension EdgeWorld {
    fileprivate func tax(_ basisPoints: Int64) async throws {
        _ = try await OperatorService(engine).setTax(basisPoints: basisPoints, of: first.organization)
    }

    @discardableResult
    fileprivate func buy(_ name: String, micros: Int64, _ client: EdgeClient) async throws -> PurchaseID {
        let opened = try await client.post("/v1/purchases", #"{"request_id":"\#(name)","topup_micros":\#(micros)}"#)
        let id = try #require(PurchaseID(try opened.body(PurchaseBody.self).id))
        _ = try await OperatorService(engine).confirmPurchase(id, reference: "bank-\(name)")
        return id
    }

    fileprivate func newest(_ client: EdgeClient) async throws -> InvoiceBody {
        try #require(try await client.get("/v1/invoices?limit=1").body(ListBody<InvoiceBody>.self).data.first)
    }

    fileprivate func free(_ client: EdgeClient) async throws -> Int64 {
        try await client.get("/v1/wallet").body(WalletBody.self).availableMicros
    }

    fileprivate func batch(_ name: String, _ prompts: [String]) -> String {
        let tasks = prompts.map { #"{"prompt":"\#($0)"}"# }.joined(separator: ",")
        return #"{"request_id":"\#(name)","model":"sora-2","window_hours":720,"tasks":[\#(tasks)]}"#
    }

    /// The balance of a cash account of the first organization.
    fileprivate func cash(_ account: String) async throws -> Int64 {
        let organization = first.organization
        let rows = try await engine.database.read { reader in
            try reader.ledgerRows(of: organization, batch: nil, unit: "uUSD", after: 0, line: 0, limit: 1_000)
        }
        return rows.reduce(0) { $1.account == account ? $0 + $1.amountMicros : $0 }
    }

    fileprivate func expectSound() async throws {
        #expect(try await InvariantSweep(engine.database).run().violations == [])
    }

    /// Eleven minutes into the next month.
    fileprivate func moveBehindMonth() {
        let moment = CalendarMonth(containing: clock.now).next.start.adding(milliseconds: 660_000)
        clock.advance(milliseconds: moment.milliseconds(since: clock.now))
    }
}
