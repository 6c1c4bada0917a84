import RushesWire

/// One line about a running batch: a bar, the counts, the money that came back, the time left.
struct ProgressLine {
    private let batch: BatchBody
    private let secondsLeft: Int?

    /// A line about a batch; `secondsLeft` is an estimate or nil when nothing is known yet.
    init(_ batch: BatchBody, secondsLeft: Int?) {
        self.batch = batch
        self.secondsLeft = secondsLeft
    }

    /// For logs and pipes.
    var plain: String {
        "\(batch.status): " + figures.joined(separator: ", ")
    }

    /// For a terminal line that is rewritten in place; cut to its width.
    func bar(_ terminal: Terminal) -> String {
        let text = figures.joined(separator: "  ")
        let width = min(30, terminal.columns - text.count - 4)
        guard width >= 8 else { return String(text.prefix(terminal.columns - 1)) }
        let total = max(1, batch.counts.total)
        let ok = batch.counts.succeeded * width / total
        let failed = (batch.counts.succeeded + batch.counts.failed) * width / total - ok
        let rest = width - ok - failed
        return "[" + terminal.styled(String(repeating: "#", count: ok), .green)
            + terminal.styled(String(repeating: "x", count: failed), .red) + String(repeating: ".", count: rest) + "] "
            + text
    }

    private var figures: [String] {
        let counts = batch.counts
        var parts = [
            "\(counts.succeeded + counts.failed)/\(counts.total)", "\(counts.succeeded) ok", "\(counts.failed) failed",
            "\(counts.running) running", "\(counts.queued) waiting",
        ]
        if batch.refundedMicros > 0 { parts.append("refunded \(dollars(batch.refundedMicros))") }
        if let secondsLeft { parts.append("about \(duration(secondsLeft)) left") }
        return parts
    }
}

/// A number of seconds for people: `45 s`, `3 min`, `2 h 05 min`.
func duration(_ seconds: Int) -> String {
    if seconds < 90 { return "\(seconds) s" }
    let minutes = (seconds + 30) / 60
    if minutes < 60 { return "\(minutes) min" }
    let rest = minutes % 60
    return "\(minutes / 60) h" + (rest == 0 ? "" : (rest < 10 ? " 0" : " ") + "\(rest) min")
}
