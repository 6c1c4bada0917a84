import Foundation
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The append-only file behind the sandbox's state.
///
/// Entries that wait at the same moment share one fsync; after it they are applied in the order of the file, so
/// the living state and a replay of the file are equal.
final class JobJournal: Service {
    private struct Waiting {
        let entry: JournalEntry
        let line: Data
        let continuation: CheckedContinuation<Void, any Error>?
    }

    private struct State {
        var waiting: [Waiting] = []
        var isClosed = false
    }

    private let file: JournalFile
    private let apply: @Sendable (JournalEntry) -> Void
    private let lastEntry: @Sendable () -> JournalEntry?
    private let logger: Logger
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// `apply` gets each entry once it is durable; `lastEntry` gives one to write when the journal closes.
    init(
        file: JournalFile, logger: Logger, apply: @escaping @Sendable (JournalEntry) -> Void,
        lastEntry: @escaping @Sendable () -> JournalEntry?
    ) {
        self.file = file
        self.logger = logger
        self.apply = apply
        self.lastEntry = lastEntry
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Returns when the entry is on disk and applied; throws when it could not be written.
    func append(_ entry: JournalEntry) async throws {
        let line = try Self.line(entry)
        try await withCheckedThrowingContinuation { continuation in
            enqueue(Waiting(entry: entry, line: line, continuation: continuation))
        }
    }

    /// Writes the entry with the next flush and does not wait for it.
    func note(_ entry: JournalEntry) {
        do {
            enqueue(Waiting(entry: entry, line: try Self.line(entry), continuation: nil))
        } catch {
            logger.error("A journal entry could not be encoded", metadata: ["error": "\(error)"])
        }
    }

    /// Flushes until shutdown, then once more.
    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            for await _ in wakes { await flush() }
        } onCancelOrGracefulShutdown: {
            self.wake.finish()
        }
        if let entry = lastEntry() { note(entry) }
        await flush()
        let refused = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiting in refused { waiting.continuation?.resume(throwing: CancellationError()) }
        file.close()
    }

    private func enqueue(_ waiting: Waiting) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.waiting.append(waiting) }
            return state.isClosed
        }
        if isClosed {
            waiting.continuation?.resume(throwing: CancellationError())
        } else {
            wake.yield()
        }
    }

    private func flush() async {
        let batch = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        guard !batch.isEmpty else { return }
        let bytes = batch.reduce(into: Data()) { $0.append($1.line) }
        let isSynced = batch.contains { $0.continuation != nil }
        do {
            try await write(bytes, isSynced: isSynced)
        } catch {
            logger.error("The journal could not be written", metadata: ["error": "\(error)"])
            for waiting in batch { waiting.continuation?.resume(throwing: error) }
            return
        }
        for waiting in batch {
            apply(waiting.entry)
            waiting.continuation?.resume()
        }
    }

    /// Blocking file I/O, so it runs on NIO's threads for that; not cancellable, since others wait for it too.
    private func write(_ bytes: Data, isSynced: Bool) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            NIOThreadPool.singleton.submit { _ in
                continuation.resume(with: Result { try self.file.append(bytes, isSynced: isSynced) })
            }
        }
    }

    private static func line(_ entry: JournalEntry) throws -> Data {
        var line = try JSONEncoder().encode(entry)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
