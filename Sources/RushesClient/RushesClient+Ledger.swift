internal import AsyncHTTPClient
internal import NIOCore
public import RushesWire

/// The forms of a ledger's export.
public enum LedgerFormat: String, Sendable, CaseIterable {
    /// A transaction on each line, with everything that a verifier needs.
    case jsonl
    /// A line of a transaction on each row, for spreadsheets.
    case csv
}

extension RushesClient {
    /// The whole ledger, chunk by chunk as it arrives.
    ///
    /// - Throws: `RushesClientError`, also when the server broke off before the end; what `consume` throws.
    public func exportLedger(
        _ format: LedgerFormat, consume: ([UInt8]) async throws -> Void
    ) async throws {
        let response = try await exchange.stream(.get("/v1/ledger.\(format.rawValue)", timeoutSeconds: 3_600))
        var chunks = response.body.makeAsyncIterator()
        while true {
            let chunk: ByteBuffer?
            do {
                chunk = try await chunks.next()
            } catch let error as CancellationError {
                throw error
            } catch {
                throw exchange.unreachable(error)
            }
            guard let chunk else { return }
            try await consume([UInt8](chunk.readableBytesView))
        }
    }

    /// The statement of a month as an HTML page, in `en` or `zh`.
    ///
    /// - Throws: `RushesClientError`.
    public func statementPage(_ month: String, language: String) async throws -> [UInt8] {
        try await exchange.page("/v1/statements/\(percentEncoded(month)).html", language: language)
    }

    /// The months that have a statement, the newest first.
    ///
    /// - Throws: `RushesClientError`.
    public func statements() async throws -> ListBody<StatementMonthBody> {
        try await exchange.answer(.get("/v1/statements")).body
    }

    /// The statement of a month, `2026-11`.
    ///
    /// - Throws: `RushesClientError`.
    public func statement(_ month: String) async throws -> StatementBody {
        try await exchange.answer(.get("/v1/statements/\(percentEncoded(month))")).body
    }
}

extension Exchange {
    /// A page for people, in `en` or `zh`.
    func page(_ path: String, language: String) async throws -> [UInt8] {
        let response = try await stream(.get(path, [("lang", language)]))
        do {
            let buffer = try await response.body.collect(upTo: 64 * 1_024 * 1_024)
            return [UInt8](buffer.readableBytesView)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw unreachable(error)
        }
    }
}
