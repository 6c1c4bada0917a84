import RushesCore
import RushesWire
import Testing

@Suite("Sheets")
struct BatchSheetTests {
    private let envelope = SheetEnvelope(requestID: "r", model: "sora-2", name: "n")

    private func csv(_ text: String) throws -> ParsedBatch {
        try BatchCSV.read(Array(text.utf8), envelope)
    }

    private func lines(_ parsed: ParsedBatch) -> [String] {
        parsed.issues.listed.map { "\($0.row ?? 0) \($0.column ?? "-") \($0.code)" }
    }

    @Test(
        "reads a sheet as spreadsheets write it",
        arguments: [
            "prompt,seconds\na,4\n\"b, \"\"c\"\"\nd\",8\n", "prompt,seconds\r\na,4\r\n\"b, \"\"c\"\"\r\nd\",8\r\n",
            "\u{FEFF}prompt,seconds\na,4\n\"b, \"\"c\"\"\nd\",8", "seconds,prompt\n4,a\n8,\"b, \"\"c\"\"\nd\"",
            "Prompt, seconds ,custom_id,size\n\"a\",\"4\",,\n\"b, \"\"c\"\"\nd\", 8 ,,\n",
        ])
    func reads(text: String) throws {
        let parsed = try csv(text)
        #expect(lines(parsed) == [])
        #expect(
            parsed.draft.tasks
                == [TaskDraft(prompt: "a", seconds: 4), TaskDraft(prompt: "b, \"c\"\nd", seconds: 8)])
        #expect(parsed.rows == [2, 3])
        #expect(parsed.draft.requestID == "r")
        #expect(parsed.draft.name == "n")
    }

    @Test("skips empty rows and counts them")
    func emptyRows() throws {
        let parsed = try csv("prompt,size\n\n,\na,\n\"\",\"\"\nb,1280x720\n\n")
        #expect(lines(parsed) == [])
        #expect(parsed.draft.tasks == [TaskDraft(prompt: "a"), TaskDraft(prompt: "b", size: "1280x720")])
        #expect(parsed.rows == [4, 6])
    }

    @Test(
        "names row, column and reason of everything that is wrong",
        arguments: [
            ("", ["1 prompt missing_column"]), ("\n", ["1 prompt missing_column"]),
            ("seconds\n4\n", ["1 prompt missing_column"]), ("prompt,prompt\na,b\n", ["1 prompt duplicate_column"]),
            ("prompt,price\na,1\n", ["1 price unknown_column"]),
            ("prompt;seconds\na;1\n", ["1 prompt;seconds unknown_column", "1 prompt missing_column"]),
            ("\"prompt\nx", ["1 - unbalanced_quote", "1  unknown_column", "1 prompt missing_column"]),
            ("prompt,seconds\na,x\nb,1.5\nc,-1\nd,1e1\n", [2, 3, 4, 5].map { "\($0) seconds invalid_type" }),
            ("prompt,seconds\na,4,5\nb,4,\n", ["2 - too_many_cells"]),
            ("prompt,seconds\na\"b,4\n", ["2 prompt stray_quote"]),
            ("prompt,seconds\n\"a\"b,4\nc,4\n", ["2 prompt text_after_quote"]),
            ("prompt,seconds\na,4\n\"b,4\nc,4\n", ["3 prompt unbalanced_quote"]),
            ("prompt,seconds\n\na,x,y\n", ["3 - too_many_cells", "3 seconds invalid_type"]),
        ])
    func refuses(text: String, expected: [String]) throws {
        #expect(lines(try csv(text)) == expected)
    }

    @Test("refuses other encodings, with the line")
    func encodings() {
        let utf16: [UInt8] = [0xFF, 0xFE, 0x70, 0]
        #expect(throws: SheetDefect("not_utf8", "the sheet is UTF-16; save it as UTF-8")) {
            try BatchCSV.read(utf16, envelope)
        }
        #expect(throws: SheetDefect("not_utf8", "line 2 is not UTF-8; save the sheet as UTF-8")) {
            try BatchCSV.read(Array("prompt\ncaf".utf8) + [0xE9], envelope)
        }
        #expect(throws: SheetDefect("nul_character", "line 2 has the character U+0000")) {
            try BatchJSONL.read(Array("{}\n\u{0}".utf8), envelope)
        }
    }

    @Test("takes 10,000 rows and refuses one more")
    func manyRows() throws {
        let rows = "prompt\n" + repeatElement("a\n", count: 10_000).joined()
        #expect(try csv(rows).draft.tasks.count == 10_000)
        #expect(try csv(rows).issues.isEmpty)
        #expect(lines(try csv(rows + "b")) == ["0 - too_many_tasks"])
        let objects = repeatElement("{\"prompt\":\"a\"}\n", count: 10_001).joined()
        #expect(lines(try BatchJSONL.read(Array(objects.utf8), envelope)) == ["0 - too_many_tasks"])
    }

    @Test("a row or a header of a million cells is one issue")
    func wideRows() throws {
        let commas = String(repeating: ",", count: 1_000_000)
        #expect(lines(try csv("prompt\n\(commas)\na\(commas)\n")) == [])
        #expect(lines(try csv("prompt\na\(commas)x\n")) == ["2 - too_many_cells"])
        let header = try csv("prompt" + String(repeating: ",a", count: 1_000_000))
        #expect(header.issues.total < 20)
        #expect(lines(header).contains("1 - too_many_columns"))
    }

    @Test("reads one object per line, with the line of everything that is wrong")
    func jsonLines() throws {
        let good = try BatchJSONL.read(
            Array("\u{FEFF}{\"prompt\":\"a\"}\r\n\n  \n{\"prompt\":\"b\",\"seconds\":8}".utf8), envelope)
        #expect(lines(good) == [])
        #expect(good.draft.tasks == [TaskDraft(prompt: "a"), TaskDraft(prompt: "b", seconds: 8)])
        #expect(good.rows == [1, 4])
        let bad = try BatchJSONL.read(
            Array(
                "{\"prompt\":1}\n[]\n{\"a\":1}\n{\"prompt\":\"x\"\n{} {}\n{\"seconds\":1,\"seconds\":2}\n{\"prompt\":\"y\"}"
                    .utf8),
            envelope)
        #expect(
            lines(bad) == [
                "1 prompt invalid_type", "2 - invalid_type", "3 a unknown_field", "4 - malformed_json",
                "5 - trailing_data", "6 - duplicate_key",
            ])
        #expect(bad.rows == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test("maps what the rules find to row and column")
    func rules() throws {
        var parsed = try csv("prompt,seconds\n\na,4\n,8\n")
        var rules = InputIssues()
        rules.add(InputIssue(.task(1, field: "prompt"), "missing_prompt", "a task has a prompt"))
        parsed.issues.add(rules, rows: parsed.rows)
        #expect(
            parsed.issues.listed == [
                IssueBody(
                    pointer: "/tasks/1/prompt", row: 4, column: "prompt", code: "missing_prompt",
                    detail: "a task has a prompt")
            ])
    }
}
