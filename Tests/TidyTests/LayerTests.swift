import Testing

/// What belongs to one layer only.
struct LayerTests {
    @Test("The core is pure: no floating point, no Foundation, no async")
    func purity() throws {
        let patterns = [
            CodePattern(
                pattern: #"\b(Double|Float|Float16|Float32|Float64|CGFloat|Decimal)\b"#,
                advice: "floating point: count in Int64 micro-units, multiply and divide in 128 bits"),
            CodePattern(
                pattern: #"\bFoundation\w*\b"#, advice: "Foundation: the core has the standard library only"),
            CodePattern(pattern: #"\b(async|await|actor)\b"#, advice: "async: decide here, wait in RushesEngine"),
        ]
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources/RushesCore") {
            for pattern in patterns { findings += try pattern.findings(in: file) }
        }
        expectNone(findings)
    }

    @Test("SQL stands in the store, the driver and the migrator only")
    func sql() throws {
        let allowed: Set<String> = [
            "RushesStore", "RushesSQLite", "RushesPostgres", "RushesDatabase", "RushesTesting", "RushesSimulation",
            "rushes-bench",
        ]
        let statement = try Regex(
            #"\b(SELECT|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|TRIGGER))\s"#
        )
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources") where !allowed.contains(file.target) {
            for literal in file.swift?.literals ?? [] where literal.text.contains(statement) {
                findings.append(
                    Finding(
                        file, line: literal.line, "SQL: make it a function of RushesStore, named after what it answers")
                )
            }
        }
        expectNone(findings)
    }

    @Test("HTTP status codes are known at the edge only")
    func statusCodes() throws {
        let allowed: Set<String> = ["RushesHTTP", "RushesSandbox", "RushesProviders", "RushesClient"]
        let pattern = CodePattern(
            pattern:
                #"\bHTTPResponse(Status|\.Status)\b|(?i)\bstatus(code)?\s*([=!<>]=|[<>:=])\s*[1-5]\d\d\b"#,
            advice: "status code: return a refusal or a ProviderFault; RushesHTTP and RushesProviders translate")
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources") where !allowed.contains(file.target) {
            findings += try pattern.findings(in: file)
        }
        expectNone(findings)
    }
}
