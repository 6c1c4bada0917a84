import Foundation
import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// `jobs.jsonl` with its file descriptor: whole lines only, one process at a time.
final class JournalFile: Sendable {
    /// Why the file could not be used; `errno` says the system's reason.
    struct Failure: Error, CustomStringConvertible {
        let operation: String
        let path: String
        let errorNumber: Int32

        var description: String { "\(operation) \(path): \(String(cString: strerror(errorNumber)))" }
    }

    private struct State {
        var descriptor: Int32
        var length: off_t
    }

    private let path: String
    private let state: Mutex<State>

    /// Opens and locks the file, and cuts off a last line that a crash tore.
    init(path: String) throws {
        self.path = path
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(operation: "open", path: path, errorNumber: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = Failure(operation: "lock (is another sandbox using it?)", path: path, errorNumber: errno)
            _ = Self.closing(descriptor)
            throw failure
        }
        state = Mutex(State(descriptor: descriptor, length: 0))
    }

    /// Every whole line so far as an entry; lines that cannot be read are logged and skipped.
    func load(logger: Logger) throws -> [JournalEntry] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        if end < bytes.count {
            logger.warning("The journal ended in a torn line; it is cut off", metadata: ["path": "\(path)"])
        }
        try state.withLock { state in
            guard ftruncate(state.descriptor, off_t(end)) == 0 else { throw failure("truncate") }
            state.length = off_t(end)
        }
        let decoder = JSONDecoder()
        return bytes[..<end].split(separator: UInt8(ascii: "\n")).compactMap { line in
            do {
                return try decoder.decode(JournalEntry.self, from: line)
            } catch {
                logger.error("A journal line cannot be read and is skipped", metadata: ["error": "\(error)"])
                return nil
            }
        }
    }

    /// Appends whole lines and, when asked, waits for the disk; after a failure the file ends where it did before.
    func append(_ bytes: Data, isSynced: Bool) throws {
        try state.withLock { state in
            do {
                try write(bytes, to: state.descriptor)
                if isSynced, fdatasync(state.descriptor) != 0 { throw failure("fdatasync") }
                state.length += off_t(bytes.count)
            } catch {
                // Cutting off what was written keeps the next line whole; if that fails too, loading skips the line.
                _ = ftruncate(state.descriptor, state.length)
                throw error
            }
        }
    }

    /// Gives up the lock.
    func close() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            _ = Self.closing(state.descriptor)
            state.descriptor = -1
        }
    }

    deinit {
        close()
    }

    private func write(_ bytes: Data, to descriptor: Int32) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 {
                    guard errno == EINTR else { throw failure("write") }
                } else {
                    rest = rest.dropFirst(written)
                }
            }
        }
    }

    private func failure(_ operation: String) -> Failure {
        Failure(operation: operation, path: path, errorNumber: errno)
    }

    /// A free function of that name is hidden by the method.
    private static func closing(_ descriptor: Int32) -> Int32 {
        Glibc.close(descriptor)
    }
}
