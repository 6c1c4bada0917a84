import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// The wallet and its ledger.
struct WalletRoutes: Sendable {
    let credits: CreditService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/wallet", wallet)
        endpoints.authorized(.put, "/v1/wallet/alert", alert)
        endpoints.authorized(.get, "/v1/ledger", ledger)
    }

    @Sendable private func wallet(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(WalletBody(try await credits.wallet(of: organization)))
    }

    @Sendable private func alert(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let alert = try WalletAlert(reading: try await call.request.smallJSONBody())
        let mark = alert.lowBalanceMicros.map(Credits.init(micros:))
        return try .json(WalletBody(try await credits.alert(below: mark, of: organization)))
    }

    @Sendable private func ledger(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let query = try call.query(["batch_id", "limit", "cursor"])
        let batch = try query["batch_id"].map { text throws(Problem) -> BatchID in
            guard let id = BatchID(text) else { throw .notFound }
            return id
        }
        let name = "ledger:\(batch?.rawValue ?? "")"
        let (sequence, line) = try place(query["cursor"], in: name)
        let page = try await credits.ledger(
            of: organization, batch: batch, after: sequence, line: line, limit: query.limit())
        let next = page.hasMore ? page.items.last.map { Cursor.text($0.position, in: name) } : nil
        return try .json(ListBody(data: page.items.map(LedgerEntryBody.init), nextCursor: next))
    }

    private func place(_ cursor: String?, in name: String) throws(Problem) -> (sequence: Int, line: Int) {
        guard let cursor else { return (0, 0) }
        let parts = try Cursor.position(cursor, in: name).split(separator: ".").map { Int($0) }
        guard parts.count == 2, let sequence = parts[0], let line = parts[1] else { throw .invalidCursor }
        return (sequence, line)
    }
}

extension LedgerRow {
    fileprivate var position: String { "\(transaction.sequence).\(line)" }
}
