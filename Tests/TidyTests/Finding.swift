import Testing

/// One place that breaks a rule, and what to do instead.
struct Finding: CustomStringConvertible {
    let path: String
    let line: Int
    let advice: String

    init(_ file: SourceFile, line: Int = 1, _ advice: String) {
        self.init(path: file.path, line: line, advice)
    }

    init(path: String, line: Int = 1, _ advice: String) {
        self.path = path
        self.line = line
        self.advice = advice
    }

    var description: String { "\(path):\(line): \(advice)" }
}

/// Fails the test with every finding at once, so that one run shows all the work.
func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
    guard !findings.isEmpty else { return }
    let list = findings.map(\.description).joined(separator: "\n")
    Issue.record("\(findings.count) to mend:\n\(list)", sourceLocation: sourceLocation)
}

/// A pattern looked for in code, outside comments and literals. Text, since `Regex` is not `Sendable`.
struct CodePattern: Sendable {
    let pattern: String
    let advice: String

    /// The findings of this pattern in a file, one for each line.
    func findings(in file: SourceFile) throws -> [Finding] {
        let regex = try Regex(pattern)
        return (file.swift?.code ?? []).enumerated().compactMap { index, line in
            line.contains(regex) ? Finding(file, line: index + 1, advice) : nil
        }
    }
}
