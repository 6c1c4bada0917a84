import Glibc
import Synchronization

/// Writes whole lines to standard error. Without the lock two long lines could interleave in a pipe.
package final class StandardErrorLines: Sendable {
    /// The one for this process, since there is one standard error.
    package static let shared = StandardErrorLines()

    private let isWriting = Mutex(())

    private init() {}

    /// Writes a line and its newline. A closed standard error loses the line: there is nowhere to complain.
    package func write(_ line: String) {
        var bytes = Array(line.utf8)
        bytes.append(UInt8(ascii: "\n"))
        isWriting.withLock { _ in
            bytes.withUnsafeBytes { buffer in
                var written = 0
                while written < buffer.count {
                    let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                    let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
                    if count < 0, errno == EINTR { continue }
                    if count <= 0 { return }
                    written += count
                }
            }
        }
    }
}
