import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Renders clips in the background, at most `rendersAtOnce` at a time, and hands out their files.
///
/// A file that exists under its final name is complete: ffmpeg writes to another name, which is then renamed.
final class ClipRenderer: Service {
    /// A finished file.
    struct File: Sendable {
        let path: String
        let byteCount: Int
    }

    /// Why there is no file.
    enum Failure: Error {
        case renderFailed(String)
        case shuttingDown
    }

    struct Order: Hashable, Sendable {
        let clip: Clip
        let rendition: Clip.Rendition
        var fileName: String { "\(clip.name).\(rendition.fileExtension)" }
    }

    private typealias Waiter = CheckedContinuation<Void, any Error>

    private struct State {
        /// What to render next; somebody waits for the urgent ones.
        var urgent: [Order] = []
        var queued: [Order] = []
        /// Every order that is queued or being rendered, with those who wait for it.
        var waiters: [Order: [Waiter]] = [:]
        var idle: [CheckedContinuation<Order?, Never>] = []
        var isClosed = false

        mutating func next() -> Order? {
            if !urgent.isEmpty { return urgent.removeFirst() }
            return queued.isEmpty ? nil : queued.removeFirst()
        }
    }

    private let directory: String
    private let maker: any ClipMaker
    private let logger: Logger
    private let state = Mutex(State())

    /// `directory` must exist.
    init(directory: String, maker: any ClipMaker, logger: Logger) {
        self.directory = directory
        self.maker = maker
        self.logger = logger
    }

    /// Starts rendering the video if it is not there yet; does not wait.
    func prepare(_ clip: Clip) {
        let order = Order(clip: clip, rendition: .video)
        guard existing(order) == nil else { return }
        let idle = state.withLock { state -> CheckedContinuation<Order?, Never>? in
            guard !state.isClosed, state.waiters[order] == nil else { return nil }
            state.waiters[order] = []
            if let idle = state.idle.popLast() { return idle }
            state.queued.append(order)
            return nil
        }
        idle?.resume(returning: order)
    }

    /// The file of a rendition, rendered now if need be; throws `Failure`.
    func file(_ clip: Clip, _ rendition: Clip.Rendition) async throws -> File {
        let order = Order(clip: clip, rendition: rendition)
        if let file = existing(order) { return file }
        if rendition != .video { _ = try await file(clip, .video) }
        try await withCheckedThrowingContinuation { waiter in enqueue(order, waiter) }
        guard let file = existing(order) else { throw Failure.renderFailed("the file is gone") }
        return file
    }

    /// Renders until shutdown.
    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<SandboxLimits.rendersAtOnce {
                    group.addTask { while let order = await self.nextOrder() { await self.render(order) } }
                }
            }
        } onCancelOrGracefulShutdown: {
            self.close()
        }
    }

    private func enqueue(_ order: Order, _ waiter: Waiter) {
        enum Then { case wait, start(CheckedContinuation<Order?, Never>), refuse }
        let then = state.withLock { state -> Then in
            if state.isClosed { return .refuse }
            let isKnown = state.waiters[order] != nil
            state.waiters[order, default: []].append(waiter)
            if isKnown {
                guard let place = state.queued.firstIndex(of: order) else { return .wait }
                state.urgent.append(state.queued.remove(at: place))
                return .wait
            }
            if let idle = state.idle.popLast() { return .start(idle) }
            state.urgent.append(order)
            return .wait
        }
        switch then {
        case .wait: break
        case .start(let idle): idle.resume(returning: order)
        case .refuse: waiter.resume(throwing: Failure.shuttingDown)
        }
    }

    private func nextOrder() async -> Order? {
        await withCheckedContinuation { continuation in
            let (isIdle, order) = state.withLock { state -> (Bool, Order?) in
                if state.isClosed { return (false, nil) }
                if let order = state.next() { return (false, order) }
                state.idle.append(continuation)
                return (true, nil)
            }
            if !isIdle { continuation.resume(returning: order) }
        }
    }

    private func render(_ order: Order) async {
        var result: Result<Void, any Error> = .success(())
        if existing(order) == nil {
            do {
                try await maker.render(order, in: directory)
            } catch {
                logger.error(
                    "A clip could not be rendered", metadata: ["clip": "\(order.fileName)", "error": "\(error)"])
                result = .failure(error)
            }
        }
        let waiters = state.withLock { $0.waiters.removeValue(forKey: order) ?? [] }
        for waiter in waiters { waiter.resume(with: result) }
    }

    private func close() {
        let (idle, abandoned) = state.withLock { state in
            state.isClosed = true
            let orders = state.urgent + state.queued
            defer { (state.urgent, state.queued, state.idle) = ([], [], []) }
            return (state.idle, orders.flatMap { state.waiters.removeValue(forKey: $0) ?? [] })
        }
        for continuation in idle { continuation.resume(returning: nil) }
        for waiter in abandoned { waiter.resume(throwing: Failure.shuttingDown) }
    }

    private func existing(_ order: Order) -> File? {
        let path = directory + "/" + order.fileName
        guard let byteCount = FileSize.bytes(at: path), byteCount > 0 else { return nil }
        return File(path: path, byteCount: byteCount)
    }
}
