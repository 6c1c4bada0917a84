import HTTPTypes
import RushesCore
import RushesEngine
import RushesStore
import RushesTesting
import RushesWire
import Testing

@Suite("Statements", .onEachDatabase)
struct StatementTests {
    private static let day: Int64 = 86_400_000

    @Test("a month adds up, has what was frozen apart, and names the chain")
    func month() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 3)
            try await world.create(client, "open", tasks: 5)
            let answer = try await client.get("/v1/statements/2026-11")
            try await expectContract(answer, 200, "Statement", client)
            let statement = try answer.body(StatementBody.self)
            #expect(!statement.closed && statement.opening.totalMicros == 0 && statement.firstSeq == 1)
            #expect(statement.movements.boughtMicros == 49_000_000 && statement.movements.paidMicros == 49_000_000)
            #expect(statement.movements.captured == [StatementModelBody(model: "sora-2", capturedMicros: 3 * 490_000)])
            #expect(statement.holds == StatementHoldsBody(openedMicros: 11 * 490_000, releasedMicros: 3 * 490_000))
            let wallet = try await client.get("/v1/wallet").body(WalletBody.self)
            #expect(statement.closing.availableMicros == wallet.availableMicros)
            #expect(statement.closing.heldMicros == 5 * 490_000 && wallet.heldMicros == 5 * 490_000)
            let last = try #require(
                try await client.get("/v1/ledger?limit=100").body(ListBody<LedgerEntryBody>.self).data.last)
            #expect(statement.lastSeq == last.seq && statement.chainHead == last.hash)
            #expect(statement.lots.map(\.capturedMicros) == [3 * 490_000])
        }
    }

    @Test("a closed month is the same, byte by byte, whatever follows")
    func sameBytes() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 2)
            // Frozen in November, charged in December.
            try await world.create(client, "border", tasks: 4)
            world.move(to: "2026-12", plus: 300_000)
            #expect(try await client.get("/v1/statements/2026-11").body(StatementBody.self).closed == false)
            world.move(to: "2026-12", plus: 600_000)
            let november = try await client.get("/v1/statements/2026-11")
            #expect(try november.body(StatementBody.self).closed)
            #expect(try november.body(StatementBody.self).closing.heldMicros == 4 * 490_000)
            try await world.work()
            try await world.manyBatches(client, count: 1, name: "december")
            world.move(to: "2027-01", plus: Self.day)
            // December is read backward now, and forward when the wallet has more behind it than before it.
            let december = try await client.get("/v1/statements/2026-12")
            try await world.manyBatches(client, count: 9, name: "january")
            try await world.buy(Credits(micros: 5_000_000), "january")
            world.move(to: "2027-03", plus: Self.day)
            try await world.manyBatches(client, count: 2, name: "march")
            for (month, before) in [("2026-11", november), ("2026-12", december)] {
                let again = try await client.get("/v1/statements/\(month)")
                #expect(again.bytes == before.bytes && sha256Hex(again.bytes) == sha256Hex(before.bytes))
            }
            try await expectChain(client)
        }
    }

    /// Every month opens where the one before it closed, also one without a movement, and all agree with the export.
    private func expectChain(_ client: EdgeClient) async throws {
        let list = try await client.get("/v1/statements")
        try await expectContract(list, 200, "StatementMonthList", client)
        let months = try list.body(ListBody<StatementMonthBody>.self).data
        #expect(months.map(\.month) == ["2027-03", "2027-02", "2027-01", "2026-12", "2026-11"])
        #expect(months.map(\.closed) == [false, true, true, true, true])
        let export = LedgerText(try await client.get("/v1/ledger.jsonl").bytes)
        var before: StatementBody?
        for month in months.reversed() {
            let statement = try await client.get("/v1/statements/\(month.month)").body(StatementBody.self)
            if let before {
                #expect(statement.opening == before.closing && statement.openingHead == before.chainHead)
                #expect(statement.firstSeq.map { $0 == before.lastSeq + 1 } ?? (statement.lastSeq == before.lastSeq))
            }
            #expect(try export.defect(statement: statement) == nil)
            before = statement
        }
        let february = try await client.get("/v1/statements/2027-02").body(StatementBody.self)
        #expect(february.firstSeq == nil && february.opening == february.closing && !february.lots.isEmpty)
    }

    @Test("the page has the figures of the JSON, in both languages, and nothing from elsewhere")
    func page() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 3)
            let statement = try await client.get("/v1/statements/2026-11").body(StatementBody.self)
            for (query, word) in [("", "Closing balance"), ("?lang=en", "Closing balance"), ("?lang=zh", "期末余额")] {
                let page = try await client.get("/v1/statements/2026-11.html" + query)
                #expect(page.status == 200 && page.headers[.contentType] == "text/html; charset=utf-8")
                #expect(page.text.contains(word) && page.text.contains("First"))
                for figure in [statement.closing.totalMicros, statement.movements.boughtMicros, -1_470_000] {
                    #expect(page.text.contains("<td class=\"amount\">\(MoneyText.plain(figure))</td>"), "\(figure)")
                }
                #expect(page.text.contains(statement.chainHead) && page.text.contains(statement.lots[0].lotID))
                #expect(!page.text.contains("http") && !page.text.contains("<script"))
            }
            #expect(try await client.get("/v1/statements/2026-11.html?lang=fr").issues == ["lang invalid_value"])
            #expect(try await client.get("/v1/statements/2026-13.html").problem == "404 not_found")
            #expect(try await client.with(key: nil).get("/v1/statements/2026-11.html").problem == "401 invalid_api_key")
            let posted = try await client.post("/v1/statements/2026-11.html", "{}")
            #expect(posted.status == 405 && posted.headers[.allow] == "GET, HEAD")
        }
    }

    @Test("there is none before the first transaction, after this month, or for what is no month")
    func none() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            for month in ["2026-10", "2026-12", "2026-13", "2026-1", "nonsense", "202611"] {
                #expect(try await client.get("/v1/statements/\(month)").problem == "404 not_found", "\(month)")
            }
            #expect(try await client.get("/v1/statements/2026-11?x=1").issues == ["x unknown_parameter"])
            #expect(try await client.get("/v1/statements/2026-11").status == 200)
            let other = try await OperatorService(world.engine).createOrganization(named: "Empty")
            let empty = client.with(key: other.secret.text)
            #expect(try await empty.get("/v1/statements").body(ListBody<StatementMonthBody>.self).data.isEmpty)
            #expect(try await empty.get("/v1/statements/2026-11").problem == "404 not_found")
            let export = try await empty.get("/v1/ledger.jsonl")
            #expect(try LedgerText(export.bytes).verify().count == 0)
        }
    }
}

extension EdgeWorld {
    fileprivate func create(_ client: EdgeClient, _ name: String, tasks: Int) async throws {
        let prompts = Array(repeating: #"{"prompt":"a"}"#, count: tasks).joined(separator: ",")
        let made = try await client.post(
            "/v1/batches", #"{"request_id":"\#(name)","model":"sora-2","tasks":[\#(prompts)]}"#)
        try #require(made.status == 201, "\(made.text)")
    }

    fileprivate func buy(_ credits: Credits, _ reference: String) async throws {
        _ = try await OperatorService(engine).confirmPurchase(
            .topup(credits), for: first.organization, reference: reference)
    }

    /// Moves the clock on to a time after the beginning of a month.
    fileprivate func move(to month: String, plus milliseconds: Int64) {
        guard let start = CalendarMonth(month)?.start.adding(milliseconds: milliseconds) else { return }
        clock.advance(milliseconds: start.milliseconds(since: clock.now))
    }
}
