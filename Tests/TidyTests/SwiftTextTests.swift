import Testing

/// The scanner below the rules: what it takes for code decides what the rules can see.
struct SwiftTextTests {
    @Test func commentsAndLiteralsAreBlankedAndColumnsStay() {
        let text = SwiftText(
            """
            let a = "SELECT é" // Date()
            /* UUID() /* nested */ */ let b = 1
            """)
        #expect(text.code == ["let a = \"        \"          ", "                          let b = 1"])
        #expect(text.literals.map(\.text) == ["SELECT é"])
        #expect(text.commentedLines == [1, 2])
    }

    @Test func codeInsideInterpolationsStaysCode() {
        let text = SwiftText(#"let a = "at \(f(Date(), "x")) now""#)
        #expect(text.code[0].contains("f(Date(), \" \"))"))
        #expect(Set(text.literals.map(\.text)) == ["x", "at _ now"])
    }

    @Test func rawAndMultilineLiteralsEndWhereTheyShould() {
        let source = "let a = #\"say \"no\" \\(x)\"#\nlet b = \"\"\"\n  one \"two\"\n  \"\"\"\nlet c = try! d"
        let text = SwiftText(source)
        #expect(text.literals.map(\.text) == ["say \"no\" \\(x)", "\n  one \"two\"\n  "])
        #expect(text.linesInsideLiterals == [3, 4])
        #expect(text.code[4] == "let c = try! d")
    }
}
