/// A prompt broken into lines that fit the picture.
struct CaptionLayout: Sendable {
    let fontSize: Int
    /// The lines joined by newlines, without any other control character; empty when nothing can be drawn.
    let wrapped: String

    init(prompt: String, size: VideoSize) {
        let fontSize = max(min(size.width, size.height) / 18, 8)
        // DejaVu Sans is about 0.6 em wide on average; the rest is margin for wide letters.
        let columns = max(size.width * 8 / 10 * 10 / (fontSize * 6), 8)
        let rows = max(size.height * 7 / 10 * 4 / (fontSize * 5), 1)
        var lines: [String] = []
        for paragraph in Self.printable(prompt).split(separator: "\n") where lines.count <= rows {
            lines += Self.lines(of: paragraph, columns: columns, rows: rows + 1)
        }
        if lines.count > rows { lines = lines.prefix(rows - 1) + ["…"] }
        self.fontSize = fontSize
        wrapped = lines.joined(separator: "\n")
    }

    private static func printable(_ prompt: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in prompt.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            scalars.append(isControl && scalar != "\n" ? " " : scalar)
        }
        return String(scalars)
    }

    /// At most `rows` lines: words as long as they fit, longer ones cut.
    private static func lines(of paragraph: Substring, columns: Int, rows: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in paragraph.split(separator: " ") {
            if lines.count >= rows { return lines }
            if !line.isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
            while line.count > columns, lines.count < rows {
                lines.append(String(line.prefix(columns)))
                line = String(line.dropFirst(columns))
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
