import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// The two credit operations by their old names.
struct CreditRoutes: Sendable {
    let credits: CreditService
    let batches: BatchService

    /// Lines of one posting at most: two for each lot, and the model's account.
    private static let linesMax = 2 * Limits.lotsPerFreezeMax + 1

    func add(to endpoints: inout Endpoints) {
        let routes = self
        endpoints.authorized(.post, "/v1/rpc/freeze_credits_for_batch") { call, organization in
            try await routes.answer(call, organization) { id in
                try await routes.credits.freezeCreditsForBatch(id, of: organization)
            }
        }
        endpoints.authorized(.post, "/v1/rpc/finalize_batch_credits") { call, organization in
            try await routes.answer(call, organization) { id in
                try await routes.credits.finalizeBatchCredits(id, of: organization)
            }
        }
    }

    private func answer(
        _ call: Call, _ organization: OrganizationID, _ operation: (BatchID) async throws -> CreditOperation
    ) async throws -> Response {
        _ = try call.query([])
        let reference = try BatchReference(reading: try await call.request.smallJSONBody())
        guard let id = BatchID(reference.batchID) else { throw Problem.notFound }
        let done = try await operation(id)
        let batch = try await batches.batch(id, of: organization)
        let lines = try await credits.ledger(
            of: organization, batch: id, after: done.transaction.sequence, line: 0, limit: Self.linesMax)
        return try .json(
            CreditOperationBody(
                hold: HoldBody(done.hold, of: batch),
                transaction: LedgerTransactionBody(
                    done.transaction, lines: lines.items.filter { $0.transaction.id == done.transaction.id }),
                replayed: done.isReplay))
    }
}
