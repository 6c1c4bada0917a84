import Foundation
import RushesCore
import RushesEngine
import RushesTesting
import RushesWire
import Testing

/// The invoice of a month in docs/samples: several models, a price that changed, a video that a top-up began, tax, a
/// due date, and where to pay to.
///
/// With `RUSHES_SAMPLES_DIR` its pages are written there; `weasyprint invoice-month-en.html invoice-month-en.pdf` makes
/// the sample of them, as `rushes invoice show --pdf` does of a server's.
@Suite("The sample of a month's invoice", .onEachDatabase)
struct InvoiceSampleTests {
    @Test("a month with several models adds up line by line, says when and where to pay, in both languages")
    func month() async throws {
        let world = try await EdgeWorld.make(creditMicros: 3_000_000, seller: .sample)
        try await world.test { client in
            try await world.useMonth(client)
            let invoice = try #require(
                try await client.get("/v1/invoices?limit=1").body(ListBody<InvoiceBody>.self).data.first)
            let document = try JSONValue(Array(invoice.document.utf8))
            let lines = document.at("lines").array ?? []
            func numbers(_ name: String) -> [Int64?] { lines.map { $0.at(name).integer } }
            #expect(lines.map { $0.at("name").string } == ["sora-2", "sora-2", "veo-fast", "veo-pro"])
            #expect(numbers("count") == [65, 212, 48, 84])
            // 3.00 of the first Veo video came from the top-up, so that line has no price of one.
            #expect(numbers("unit_price_micros") == [450_000, 490_000, 1_490_000, nil])
            #expect(numbers("amount_micros") == [29_250_000, 103_880_000, 71_520_000, 500_160_000])
            // 6 % of 704.81 are 42.2886.
            #expect(
                [invoice.netMicros, invoice.taxMicros, invoice.totalMicros] == [704_810_000, 42_290_000, 747_100_000])
            #expect(numbers("amount_micros").compactMap { $0 }.reduce(0, +) == invoice.netMicros)
            let due = try #require(document.at("due_at").string).prefix(10)
            for (language, words) in [("en", "Invoice"), ("zh", "发票")] {
                let page = try await client.get("/v1/invoices/\(invoice.id).html?lang=\(language)").text
                for text in [words, String(due), "BIC HARBXX01", "747.10", "42.29", "704.81", "500.16"] {
                    #expect(page.contains(text), "\(text)")
                }
                try Self.keep(page, "invoice-month-\(language).html")
            }
        }
    }

    private static func keep(_ page: String, _ name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["RUSHES_SAMPLES_DIR"] else { return }
        try page.write(to: URL(filePath: folder).appending(path: name), atomically: true, encoding: .utf8)
    }
}

extension EdgeWorld {
    /// A month of four batches, closed.
    fileprivate func useMonth(_ client: EdgeClient) async throws {
        let operators = OperatorService(engine)
        _ = try await client.put(
            "/v1/billing_profile",
            #"""
            {"name":"Lumen Studio Ltd · 光影工作室有限公司","address":["88 Nanjing Road West","Shanghai 上海"],
            "tax_id":"CN-91310000"}
            """#)
        _ = try await operators.setTax(basisPoints: 600, of: first.organization)
        _ = try await operators.setCreditLine(
            of: first.organization, limit: Credits(micros: 2_000_000_000), reason: "contract 7", by: "ada")
        _ = try await operators.apply(.month(soraMicros: 490_000))
        try await use("veo-pro", 84, failed: 6, client)
        try await use("veo-fast", 48, failed: 2, client)
        try await use("sora-2", 212, failed: 8, client)
        _ = try await operators.apply(.month(soraMicros: 450_000))
        try await use("sora-2", 65, failed: 0, client)
        let moment = CalendarMonth(containing: clock.now).next.start.adding(milliseconds: 660_000)
        clock.advance(milliseconds: moment.milliseconds(since: clock.now))
        #expect(try await MonthEnd(engine).step() == 1)
    }

    private func use(_ model: String, _ count: Int, failed: Int, _ client: EdgeClient) async throws {
        let prompts = Array(repeating: "a harbour at dawn", count: count) + Array(repeating: "[fail]", count: failed)
        let tasks = prompts.map { #"{"prompt":"\#($0)"}"# }.joined(separator: ",")
        let answer = try await client.post(
            "/v1/batches", #"{"request_id":"\#(model)-\#(count)","model":"\#(model)","tasks":[\#(tasks)]}"#)
        #expect(answer.status == 201, "\(answer.text)")
        try await work()
    }
}

extension LegalEntity {
    fileprivate static let sample = LegalEntity(
        name: "Rushes Operations Ltd · 瑞视运营有限公司", addressLines: ["12 Harbour Road", "Hong Kong"],
        taxID: "HK-1234567", bankLines: ["Harbour Bank 海港银行", "IBAN XX00 0000 0000 0000 0000", "BIC HARBXX01"])
}

extension Catalogue {
    /// Three models, of which one has a price that changes.
    fileprivate static func month(soraMicros: Int64) -> Catalogue {
        let models = [("sora-2", soraMicros), ("veo-fast", 1_490_000), ("veo-pro", 5_990_000)].map { name, micros in
            VideoModel(
                id: name, displayName: name, unitPrice: Credits(micros: micros), minBatch: 2, maxBatch: 10_000,
                seconds: [8], sizes: ["1280x720"], slaSeconds: 600, deadlineSeconds: 600,
                route: ProviderRoute(provider: "sandbox", model: name, maxInFlight: 500, createsPerMinute: 100_000),
                unknownCreatePolicy: .resubmitOnce)
        }
        // What was sold once stays.
        return Catalogue(models: models + sample.models.filter { $0.state == .retired }, packages: [])
    }
}
