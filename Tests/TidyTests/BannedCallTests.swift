import Testing

/// What a compiler accepts and this project does not, each with what to write instead.
struct BannedCallTests {
    /// Where the world is met: the composition root, the executables, the emulator of somebody else's server, and what
    /// only tests use. The simulation is not among them: it has to be repeatable.
    private static let meetsTheWorld: Set<String> = [
        "RushesServer", "rushes", "RushesSandbox", "rushes-bench", "rushes-simulate", "RushesTesting",
    ]

    private static let nondeterministic = [
        CodePattern(pattern: #"\bDate\(\)|\bDate\.now\b"#, advice: "Date(): take the time from Environment.now"),
        CodePattern(pattern: #"\bUUID\(\)"#, advice: "UUID(): take an identifier from Environment.ids"),
        // With an explicit generator, chance is an argument already.
        CodePattern(
            pattern: #"\.random\(in:(?!.*using:)"#, advice: ".random(in:): take chance from Environment.random"),
        CodePattern(pattern: #"\bTask\.sleep\b"#, advice: "Task.sleep: wait with Environment.sleep"),
        CodePattern(
            pattern: #"\bSystemRandomNumberGenerator\b"#,
            advice: "SystemRandomNumberGenerator: take chance from Environment.random"),
    ]

    private static let unsafe = [
        CodePattern(pattern: #"\bTask\.detached\b"#, advice: "Task.detached: use a task group, or a Service"),
        CodePattern(pattern: #"\btry!"#, advice: "try!: throw the error on, or handle it"),
        CodePattern(pattern: #"\bas!"#, advice: "as!: use as? and handle nil, or a generic"),
    ]

    @Test("Time, identifiers and chance come through Environment")
    func nondeterminism() throws {
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources") where !Self.meetsTheWorld.contains(file.target) {
            for pattern in Self.nondeterministic {
                findings += try pattern.findings(in: file)
            }
        }
        expectNone(findings)
    }

    @Test("No forced try, no forced cast, no detached task")
    func unsafety() throws {
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources", "Tests") {
            for pattern in Self.unsafe { findings += try pattern.findings(in: file) }
        }
        expectNone(findings)
    }

    @Test("Only the database drivers vouch for thread safety themselves, with a proof in a comment")
    func uncheckedSendable() throws {
        let pattern = CodePattern(
            pattern: #"@unchecked Sendable|nonisolated\(unsafe\)"#,
            advice: "unchecked: use a Mutex or an actor; only the two drivers may, with a comment that proves it")
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources") {
            let commented = file.swift?.commentedLines ?? []
            findings += try pattern.findings(in: file).filter { finding in
                let isProven = commented.contains(finding.line) || commented.contains(finding.line - 1)
                return !["RushesSQLite", "RushesPostgres"].contains(file.target) || !isProven
            }
        }
        expectNone(findings)
    }

    @Test("A default in the core, the store and the engine says why, in a comment beside or above it")
    func defaults() throws {
        // Over our own enums there is no default, so that a new case is a compile error. A switch over something else
        // (text, numbers, tuples, a foreign enum) needs one; its comment is how the reader tells the two apart.
        let pattern = CodePattern(
            pattern: #"^\s*(@unknown )?default:"#,
            advice:
                "default: list our own enum's cases; for foreign values say in a comment here why a default is right")
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources/RushesCore", "Sources/RushesStore", "Sources/RushesEngine")
        {
            let commented = file.swift?.commentedLines ?? []
            findings += try pattern.findings(in: file).filter { finding in
                !commented.contains(finding.line) && !commented.contains(finding.line - 1)
            }
        }
        expectNone(findings)
    }
}
