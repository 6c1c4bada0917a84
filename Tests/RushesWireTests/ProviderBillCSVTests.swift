import RushesWire
import Testing

@Suite("A provider's bill as CSV")
struct ProviderBillCSVTests {
    private func read(_ text: String) throws -> (lines: [ProviderBillLine], issues: [String]) {
        try ProviderBillCSV.read(Array(text.utf8))
    }

    @Test("is read exactly, whatever the order of its columns")
    func lines() throws {
        let (lines, issues) = try read("date,amount_usd,job\n1,0.35,video_1\n\n2,12,\"a,b\"\n3,0.000001,c\n")
        #expect(issues == [])
        #expect(lines.map(\.job) == ["video_1", "a,b", "c"] && lines.map(\.amountMicros) == [350_000, 12_000_000, 1])
    }

    @Test("says which rows are wrong")
    func wrong() throws {
        #expect(try read("job,price\na,1\n").issues.count == 1)
        for amount in ["", "-1", "1e3", "0.0000001", "1,5", ".5", "1.", "9999999999"] {
            let found = try read("job,amount_usd\nok,1\nbad,\"\(amount)\"\n")
            #expect(found.lines.map(\.job) == ["ok"] && found.issues.count == 1, "\(amount)")
            #expect(found.issues.first?.hasPrefix("row 3") == true)
        }
    }
}
