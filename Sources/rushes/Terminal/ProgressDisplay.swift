import Foundation
import RushesWire

/// Shows a batch's progress on stderr: one line rewritten in place on a terminal, else a line for each change.
struct ProgressDisplay {
    private let terminal: Terminal
    private let startedAt = ContinuousClock.now
    private var first: BatchBody?
    private var lastPlain = ""

    /// A display on stderr.
    init(terminal: Terminal = .stderr) {
        self.terminal = terminal
    }

    mutating func show(_ batch: BatchBody) {
        if first == nil { first = batch }
        let line = ProgressLine(batch, secondsLeft: secondsLeft(batch))
        if terminal.isInteractive {
            write("\r\u{1B}[2K" + line.bar(terminal))
        } else {
            let plain = ProgressLine(batch, secondsLeft: nil).plain
            if plain != lastPlain { note(plain) }
            lastPlain = plain
        }
    }

    /// Leaves the line, so that the next output starts on a new one.
    func finish() {
        if terminal.isInteractive, first != nil { write("\r\u{1B}[2K") }
    }

    /// From the pace since the display began; nil before the first end.
    private func secondsLeft(_ batch: BatchBody) -> Int? {
        guard let first else { return nil }
        let open = batch.counts.queued + batch.counts.running
        let ended = (batch.counts.total - open) - (first.counts.succeeded + first.counts.failed)
        let elapsed = Int((ContinuousClock.now - startedAt).components.seconds)
        guard ended > 0, open > 0 else { return nil }
        return max(1, elapsed * open / ended)
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
