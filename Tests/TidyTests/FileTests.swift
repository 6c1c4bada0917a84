import Testing

/// Files as such: their names, sizes, bytes and lines.
struct FileTests {
    @Test("A placeholder goes when the first real file comes")
    func placeholders() {
        let files = SourceTree.current.files
        let findings = files.filter { file in
            file.name == "Placeholder.swift"
                && files.contains { $0.isSwift && $0.target == file.target && $0.path != file.path }
        }
        expectNone(findings.map { Finding($0, "placeholder: delete it, the target has real files") })
    }

    @Test("No file is larger than 256 KiB, no sample of a document than 512")
    func sizes() {
        let large = SourceTree.current.files.filter { file in
            // A PDF carries its fonts with it, and those of Chinese are large.
            file.data.count > (file.folder == "docs/samples" ? 512 : 256) * 1_024
        }
        expectNone(
            large.map { Finding($0, "\($0.data.count) bytes: generate it, fetch it in scripts/setup, or split it") })
    }

    @Test("No build product and no lock file is committed")
    func products() {
        let committed = SourceTree.current.files.filter { file in
            file.path == "Package.resolved" || file.name == ".DS_Store"
                || [".build/", ".swiftpm/", "rushes-data/"].contains { file.path.hasPrefix($0) }
        }
        expectNone(committed.map { Finding($0, "git rm --cached it; docs/adr/0002 says why versions are floors") })
    }

    @Test("Text has no control characters and ends with a newline")
    func controlCharacters() {
        var findings: [Finding] = []
        for file in SourceTree.current.files where file.isText {
            // Go's formatter writes tabs.
            let tabIsAllowed = file.name == "Makefile" || file.name == "LICENSE" || file.name.hasSuffix(".go")
            for (index, line) in file.lines.enumerated() {
                let control = line.unicodeScalars.first { scalar in
                    (scalar.value < 0x20 && !(scalar == "\t" && tabIsAllowed)) || (0x7f...0x9f).contains(scalar.value)
                        || scalar == "\u{feff}" || (0x202a...0x202e).contains(scalar.value)
                }
                if let control {
                    let code = String(control.value, radix: 16)
                    findings.append(
                        Finding(file, line: index + 1, "control character U+\(code): write it as an escape"))
                }
            }
            if !file.data.isEmpty, file.data.last != 0x0a {
                findings.append(Finding(file, line: file.lines.count, "end the last line with a newline"))
            }
        }
        expectNone(findings)
    }

    @Test("No path of somebody's machine")
    func machinePaths() throws {
        // Written so that this file does not contain what it looks for.
        let machinePath = try Regex(#"(^|[^A-Za-z0-9_.)}])/(wo[r]k|ro[o]t|ho[m]e/\w+|Us[e]rs/\w+)/"#)
        var findings: [Finding] = []
        for file in SourceTree.current.files where file.isText {
            for (index, line) in file.lines.enumerated() where line.contains(machinePath) {
                findings.append(
                    Finding(file, line: index + 1, "machine path: use a relative path or a temporary folder"))
            }
        }
        expectNone(findings)
    }

    @Test("Swift lines have at most 120 columns")
    func lineLengths() {
        var findings: [Finding] = []
        for file in SourceTree.current.files {
            guard let swift = file.swift else { continue }
            for (index, line) in file.lines.enumerated() where line.count > 120 {
                // Text in a literal has the length it needs, and a link cannot be broken.
                if swift.linesInsideLiterals.contains(index + 1) || line.contains("https://") { continue }
                if swift.literals.contains(where: { $0.line == index + 1 && $0.text.count >= 80 }) { continue }
                findings.append(Finding(file, line: index + 1, "\(line.count) columns: break it (make format helps)"))
            }
        }
        expectNone(findings)
    }
}
