import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// Batches: create, list, show, cancel.
struct BatchRoutes: Sendable {
    let batches: BatchService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorizedByKey(.post, "/v1/batches", create)
        endpoints.authorized(.get, "/v1/batches", list)
        endpoints.authorized(.get, "/v1/batches/{id}", show)
        endpoints.authorized(.post, "/v1/batches/{id}/cancel", cancel)
    }

    @Sendable private func create(_ call: Call, _ key: APIKey) async throws -> Response {
        let organization = key.organization
        let input = try await BatchInputReader(call).read()
        let draft = try await acceptable(input.parsed, for: organization)
        do {
            if input.isDryRun {
                return try .json(QuoteBody(try await batches.quote(draft, by: key.id, for: organization)))
            }
            return try created(try await batches.create(draft, by: key.id, for: organization))
        } catch Refusal.invalidInput(let issues) {
            var list = IssueList()
            list.add(issues, rows: input.parsed.rows)
            throw Problem.invalid(list)
        }
    }

    /// The draft, unless something in it could not be read; then the problem lists that together with all that the
    /// rules find, so that a sheet is mended in one go.
    private func acceptable(_ parsed: ParsedBatch, for organization: OrganizationID) async throws -> BatchDraft {
        if parsed.issues.isEmpty { return parsed.draft }
        var issues = parsed.issues
        if let model = try await batches.priceBook().catalogue.model(parsed.draft.model) {
            do throws(InputIssues) {
                _ = try parsed.draft.validated(for: organization, model: model)
            } catch {
                issues.add(error, rows: parsed.rows)
            }
        }
        throw Problem.invalid(issues.sortedByRow())
    }

    private func created(_ receipt: BatchReceipt) throws -> Response {
        var headers = HTTPFields.replayed(receipt.isReplay)
        headers[.location] = "/v1/batches/\(receipt.batch.id)"
        return try .json(BatchBody(receipt.batch), status: .created, headers: headers)
    }

    @Sendable private func list(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let query = try call.query(["request_id", "limit", "cursor"])
        if let requestID = query["request_id"] {
            let batch = try await batches.batch(requestID: requestID, of: organization)
            return try .json(ListBody(data: [batch].compactMap { $0.map(BatchBody.init) }, nextCursor: nil))
        }
        let name = "batches"
        let page = try await batches.batches(
            of: organization, before: query.cursor(in: name), limit: query.limit())
        return try .json(page.list(name, by: \.id, BatchBody.init))
    }

    @Sendable private func show(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(BatchBody(try await batches.batch(call.id(), of: organization)))
    }

    @Sendable private func cancel(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        try await call.request.emptyBody()
        let batch = try await batches.cancel(call.id(), of: organization)
        return try .json(BatchBody(batch), status: .accepted)
    }
}
