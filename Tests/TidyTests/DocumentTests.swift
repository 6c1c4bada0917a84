import Foundation
import Testing

/// The prose that others rely on: changelog, decisions, links, and the versions that must not sink.
struct DocumentTests {
    @Test("CHANGELOG.md keeps the form of Keep a Changelog")
    func changelog() throws {
        let file = try #require(SourceTree.current.file("CHANGELOG.md"))
        let version = try Regex(#"^## (\[Unreleased\]|\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2})$"#)
        let sections: Set<String> = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
        var findings: [Finding] = []
        var seenInVersion: Set<String> = []
        if file.lines.first != "# Changelog" { findings.append(Finding(file, "the first line is `# Changelog`")) }
        if file.lines.first(where: { $0.hasPrefix("## ") }) != "## [Unreleased]" {
            findings.append(Finding(file, "the first version is `## [Unreleased]`"))
        }
        for (index, line) in file.lines.enumerated() {
            if line.hasPrefix("## ") {
                seenInVersion = []
                if !line.contains(version) {
                    findings.append(Finding(file, line: index + 1, "a version reads `## [1.2.3] - 2026-01-31`"))
                }
            } else if line.hasPrefix("### ") {
                let section = String(line.dropFirst(4))
                if !sections.contains(section) || !seenInVersion.insert(section).inserted {
                    let names = sections.sorted().joined(separator: ", ")
                    findings.append(Finding(file, line: index + 1, "sections are \(names), each once in a version"))
                }
            } else if !seenInVersion.isEmpty, !line.isEmpty, !line.hasPrefix("- "), !line.hasPrefix("  ") {
                findings.append(Finding(file, line: index + 1, "below a section stand list items, starting with `- `"))
            }
        }
        expectNone(findings)
    }

    @Test("Every decision has its four parts, its number, and a line in the list")
    func decisions() throws {
        let parts = ["## Context", "## Choice", "## Rejected", "## How we would know it is wrong"]
        let list = try #require(SourceTree.current.file("docs/adr/README.md"))
        let records = SourceTree.current.files.filter { $0.folder == "docs/adr" && $0.name != "README.md" }
        let named = try Regex(#"^\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.md$"#)
        var findings: [Finding] = []
        for (index, file) in records.enumerated() {
            let number = String(file.name.prefix(4))
            if !file.name.contains(named) || Int(number) != index + 1 {
                findings.append(Finding(file, "files are numbered from 0001 without a gap, as 0001-title-in-words.md"))
            }
            if file.lines.first?.hasPrefix("# \(number): ") != true {
                findings.append(Finding(file, "the first line is `# \(number): Title`"))
            }
            let headings = file.lines.filter { $0.hasPrefix("## ") }
            if headings != parts {
                findings.append(Finding(file, "the headings are, in this order: \(parts.joined(separator: ", "))"))
            }
            if !list.text.contains("](\(file.name))") {
                findings.append(Finding(list, "add a line for \(file.name)"))
            }
        }
        expectNone(findings)
    }

    @Test("Every dependency has a line in ADR 0002")
    func dependencies() throws {
        let manifest = try #require(SourceTree.current.file("Package.swift"))
        let record = try #require(SourceTree.current.file("docs/adr/0002-dependencies.md"))
        let repository = try Regex<(Substring, Substring)>(#"\.package\(url: "[^"]*/([^/"]+?)(?:\.git)?""#)
        var findings: [Finding] = []
        for (index, line) in manifest.lines.enumerated() {
            guard let name = line.firstMatch(of: repository)?.1 else { continue }
            let word = name.hasSuffix(".swift") ? name.dropLast(6) : name
            if !record.text.contains("| \(word) |") {
                findings.append(
                    Finding(manifest, line: index + 1, "give \(word) a line in docs/adr/0002-dependencies.md"))
            }
        }
        expectNone(findings)
    }

    @Test("Resolved versions are above the floors that exclude known advisories")
    func floors() throws {
        let floors = [
            "swift-nio": [2, 100, 0],  // CVE-2026-28980, header flooding
            "swift-nio-http2": [1, 44, 0],  // GHSA-4px2-pw77-vc85, request smuggling
        ]
        // A build always leaves this file; only a tree that was never resolved has none.
        let path = SourceTree.packageRoot.appending(path: "Package.resolved")
        guard let data = try? Data(contentsOf: path) else { return }
        let resolved = try JSONDecoder().decode(ResolvedPackages.self, from: data)
        var findings: [Finding] = []
        for pin in resolved.pins {
            guard let floor = floors[pin.identity], let version = pin.state.version else { continue }
            let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
            if numbers.lexicographicallyPrecedes(floor) {
                let wanted = floor.map(String.init).joined(separator: ".")
                findings.append(
                    Finding(path: "Package.swift", "\(pin.identity) is \(version): raise its floor to \(wanted)"))
            }
        }
        expectNone(findings)
    }

    private struct ResolvedPackages: Decodable {
        struct Pin: Decodable {
            struct State: Decodable { let version: String? }
            let identity: String
            let state: State
        }
        let pins: [Pin]
    }
}
