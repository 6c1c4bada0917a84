import Foundation

/// What one output stream can show.
struct Terminal: Sendable {
    /// A way to set off words where a terminal allows it.
    enum Style: String {
        case green = "32"
        case red = "31"
        case yellow = "33"
        case dim = "2"
        case bold = "1"
    }

    /// True when a person watches and lines may be rewritten.
    let isInteractive: Bool
    /// True when styles may be written.
    let hasColour: Bool
    /// Columns; 80 when nobody says.
    let columns: Int

    static let stdout = Terminal(descriptor: STDOUT_FILENO)
    static let stderr = Terminal(descriptor: STDERR_FILENO)

    /// Looks at a stream and at `TERM` and `NO_COLOR`.
    init(descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) {
        var size = winsize()
        let isTerminal = isatty(descriptor) == 1
        isInteractive = isTerminal && environment["TERM"] != "dumb"
        hasColour = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
        columns =
            isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// A plain stream of a given width.
    init(columns: Int) {
        isInteractive = false
        hasColour = false
        self.columns = columns
    }

    /// A text in a style, or as it is where styles are not wanted.
    func styled(_ text: String, _ style: Style) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// Writes a line of explanation to stderr.
func note(_ line: String) {
    // Where nobody reads explanations any more, the work goes on.
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}

/// Writes a line of data to stdout at once, so that a pipe's reader sees it.
///
/// Ends the program as SIGPIPE would when the reader has gone (`rushes list | head`): sockets have the signal ignored.
func output(_ line: String) {
    do {
        try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    } catch {
        let hasReader = (error as NSError).underlyingPOSIXCode != EPIPE
        if hasReader { note("error: the output cannot be written: \(error)") }
        exit(hasReader ? ExitStatus.error.rawValue : 128 + SIGPIPE)
    }
}

extension NSError {
    /// What the system said, behind Foundation's own words.
    fileprivate var underlyingPOSIXCode: Int32? {
        (userInfo[NSUnderlyingErrorKey] as? NSError).map { Int32($0.code) }
    }
}
