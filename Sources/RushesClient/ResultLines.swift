internal import AsyncHTTPClient
internal import NIOCore
public import RushesWire

/// The lines of `results.jsonl`, decoded as they arrive. It can be iterated once.
public struct ResultLines: AsyncSequence, Sendable {
    /// One task's result.
    public typealias Element = ResultLine

    let response: HTTPClientResponse
    let address: String

    /// Starts to read the answer.
    public func makeAsyncIterator() -> Iterator {
        Iterator(chunks: response.body.makeAsyncIterator(), address: address)
    }

    /// Cuts the answer into lines.
    public struct Iterator: AsyncIteratorProtocol {
        var chunks: HTTPClientResponse.Body.AsyncIterator
        let address: String
        private var buffered: [UInt8] = []
        private var start = 0
        private var isAtEnd = false

        init(chunks: HTTPClientResponse.Body.AsyncIterator, address: String) {
            self.chunks = chunks
            self.address = address
        }

        /// The next result, or nil after the last one.
        ///
        /// - Throws: `RushesClientError`.
        @concurrent public mutating func next() async throws -> ResultLine? {
            while true {
                if let line = nextLine() {
                    if line.isEmpty { continue }
                    return try decode(line)
                }
                if isAtEnd { return nil }
                try await fill()
            }
        }

        private mutating func nextLine() -> [UInt8]? {
            if let end = buffered[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Array(buffered[start..<end])
            }
            guard isAtEnd, start < buffered.count else { return nil }
            defer { start = buffered.count }
            return Array(buffered[start...])
        }

        @concurrent private mutating func fill() async throws {
            do {
                guard let chunk = try await chunks.next() else {
                    isAtEnd = true
                    return
                }
                buffered.removeFirst(start)
                start = 0
                buffered += chunk.readableBytesView
            } catch let error as CancellationError {
                throw error
            } catch {
                throw RushesClientError.unreachable(address: address, reason: String(describing: error))
            }
        }

        private func decode(_ line: [UInt8]) throws -> ResultLine {
            do {
                return try WireJSON.decode(ResultLine.self, from: line)
            } catch {
                throw RushesClientError.unreadable(status: 200, detail: String(describing: error))
            }
        }
    }
}
