import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesWire

/// The results of a batch, one line per task, also while it runs.
struct ResultRoutes: Sendable {
    let batches: BatchService

    private static let linesPerPage = 500

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/batches/{id}/results.jsonl", lines)
    }

    /// Reads the first page before it answers, so that an unknown batch is a 404, and each further one when the caller
    /// has taken the page before.
    @Sendable private func lines(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let id: BatchID = try call.id()
        let batches = batches
        let first = try await batches.results(
            of: id, organization: organization, after: -1, limit: Self.linesPerPage)
        let body = ResponseBody { writer in
            var (batch, page) = first
            while true {
                try await writer.write(ByteBuffer(bytes: try Self.text(page.items, unitPrice: batch.unitPrice)))
                guard page.hasMore, let last = page.items.last else { break }
                (batch, page) = try await batches.results(
                    of: id, organization: organization, after: last.task.index, limit: Self.linesPerPage)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/jsonl"], body: body)
    }

    private static func text(_ results: [TaskResult], unitPrice: Credits) throws -> [UInt8] {
        var text: [UInt8] = []
        for result in results {
            text += try WireJSON.encode(ResultLine(result, unitPrice: unitPrice))
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }
}
