import RushesWire
import Testing

@Suite("Text for spreadsheets")
struct CSVTextTests {
    @Test(
        "is shown as it is, never taken for a formula",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"),
            ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""),
        ])
    func cell(text: String, shown: String) {
        #expect(CSVText.cell(text) == shown)
    }

    @Test("numbers are numbers, also below zero")
    func numbers() {
        #expect(CSVText.line([CSVText.cell(Int64.min), CSVText.cell(7)]) == "-9223372036854775808,7\n")
    }
}
