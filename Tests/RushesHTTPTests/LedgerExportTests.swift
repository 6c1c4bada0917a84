import HTTPTypes
import RushesCore
import RushesEngine
import RushesStore
import RushesTesting
import RushesWire
import Testing

@Suite("The ledger's export", .onEachDatabase)
struct LedgerExportTests {
    @Test("is what the document says, verifies, and ends where it began")
    func export() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 3)
            let answer = try await client.get("/v1/ledger.jsonl")
            #expect(answer.status == 200 && answer.headers[.contentType] == "application/jsonl")
            let document = ContractSchema(try await client.get("/openapi.json").json)
            let lines = LedgerText(answer.bytes).lines
            for (index, line) in lines.enumerated() {
                let schema =
                    index == 0
                    ? "LedgerExportHead" : index == lines.count - 1 ? "LedgerExportEnd" : "LedgerExportTransaction"
                #expect(document.defects(of: try JSONValue(line), as: schema) == [])
            }
            let proof = try LedgerText(answer.bytes).verify()
            #expect(proof.organizationID == world.first.organization.rawValue && proof.count == lines.count - 2)
            // Both units, as the hash covers both.
            #expect(answer.text.contains("uUSD") && answer.text.contains("consumed:sora-2"))
            #expect(try await client.get("/v1/ledger.jsonl?x=1").issues == ["x unknown_parameter"])
        }
    }

    @Test("does not contain what is posted while it is read")
    func snapshot() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 2)
            let credits = CreditService(world.engine)
            let export = try await credits.ledgerExport(of: world.first.organization)
            try await world.manyBatches(client, count: 2, name: "later")
            var links: [LedgerLink] = []
            while true {
                let page = try await credits.page(of: export, after: links.last?.sequence ?? 0)
                if page.isEmpty { break }
                links += page
            }
            #expect(links.count == export.end.sequence && links.last?.hash == export.end.chainHead)
        }
    }

    @Test("as comma-separated values has a row for each line")
    func rows() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 2)
            let answer = try await client.get("/v1/ledger.csv")
            #expect(answer.status == 200 && answer.headers[.contentType] == "text/csv; charset=utf-8")
            let rows = answer.text.split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            #expect(rows.allSatisfy { $0.count == 13 })
            let listed = try await client.get("/v1/ledger?limit=100").body(ListBody<LedgerEntryBody>.self).data
            let credits = rows.dropFirst().filter { $0[8] == "uCR" }
            #expect(credits.map { String($0[7]) } == listed.map(\.account))
            #expect(credits.map { Int64($0[9]) } == listed.map(\.amountMicros))
        }
    }

    @Test("a thousand changes are named at the first number that they touch", .timeLimit(.minutes(10)))
    func tampering() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 21)
            let text = LedgerText(try await client.get("/v1/ledger.jsonl").bytes)
            #expect(text.count > 40)
            try Self.changeAThousandTimes(text)
            #expect(try text.defect() == nil)
        }
    }

    private static func changeAThousandTimes(_ text: LedgerText) throws {
        var chance = SplitMix64(seed: 11)
        // The text does not depend on the database.
        for number in 0..<(TestDatabase.current == .postgres ? 100 : 1_000) {
            let change = LedgerText.Change.allCases[number % LedgerText.Change.allCases.count]
            let (changed, expected) = try text.changed(change, &chance)
            let found = try changed.defect()
            try #require(found?.sequence == expected, "\(number) \(change): \(String(describing: found))")
        }
    }

    @Test("a tail that was cut off is found by the last line, and a forged last line by a statement")
    func cutTails() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            try await world.manyBatches(client, count: 4)
            let text = LedgerText(try await client.get("/v1/ledger.jsonl").bytes)
            let month = try #require(
                try await client.get("/v1/statements").body(ListBody<StatementMonthBody>.self).data.first?.month)
            let statement = try await client.get("/v1/statements/\(month)").body(StatementBody.self)
            #expect(try text.defect(statement: statement) == nil)
            for kept in 0..<text.count {
                #expect(try text.cut(to: kept).defect()?.sequence == kept + 1)
                #expect(try text.cut(to: kept, hasEnd: false).defect()?.sequence == kept + 1)
                // Who makes the last line again deceives an export alone, and nobody who kept a statement.
                let forged = try text.cut(to: kept, forgesEnd: true)
                #expect(try forged.defect() == nil)
                #expect(try forged.defect(statement: statement)?.sequence == kept + 1)
            }
            for index in statement.lots.indices {
                var other = statement
                other.lots[index].capturedMicros += 1
                #expect(try text.defect(statement: other)?.sequence == Int(statement.lastSeq))
            }
            var other = statement
            other.movements.boughtMicros += 1
            #expect(try text.defect(statement: other) != nil)
            other = statement
            other.organizationID = world.second.organization.rawValue
            #expect(try text.defect(statement: other)?.sequence == nil)
        }
    }
}

extension EdgeWorld {
    /// Batches of two, one of which fails, each run to its end.
    func manyBatches(_ client: EdgeClient, count: Int, name: String = "r") async throws {
        for number in 0..<count {
            let made = try await client.post(
                "/v1/batches",
                #"{"request_id":"\#(name)-\#(number)","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"[fail]"}]}"#)
            try #require(made.status == 201)
            if number % 7 == 6 || number == count - 1 { try await work() }
        }
    }
}
