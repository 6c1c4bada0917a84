import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesWire

/// The whole ledger as a file, for a verifier and for a spreadsheet.
struct LedgerExportRoutes: Sendable {
    let credits: CreditService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/ledger.jsonl", lines)
        endpoints.authorized(.get, "/v1/ledger.csv", rows)
    }

    /// A head, the transactions, and where they end.
    @Sendable private func lines(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let export = try await credits.ledgerExport(of: organization)
        let head = LedgerExportHead(chain: LedgerChain.version, organizationID: organization.rawValue)
        return answer(
            export, name: "ledger.jsonl", type: "application/jsonl", first: try Self.line(head),
            last: try Self.line(LedgerExportEnd(export.end, lots: export.lots))
        ) { links in
            try links.flatMap { try Self.line(LedgerExportTransaction($0)) }
        }
    }

    @Sendable private func rows(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let export = try await credits.ledgerExport(of: organization)
        return answer(
            export, name: "ledger.csv", type: "text/csv; charset=utf-8", first: Array(LedgerCSV.titles.utf8), last: []
        ) { links in
            links.flatMap { Array(LedgerCSV.rows(of: $0).utf8) }
        }
    }

    /// Reads each page when the caller has taken the one before. A page that fails ends the connection without the end
    /// of the body, so that nobody takes a part for the whole.
    private func answer(
        _ export: LedgerExport, name: String, type: String, first: [UInt8], last: [UInt8],
        text: @escaping @Sendable ([LedgerLink]) throws -> [UInt8]
    ) -> Response {
        let credits = credits
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: first))
            var sequence = 0
            while true {
                let links = try await credits.page(of: export, after: sequence)
                guard let end = links.last else { break }
                try await writer.write(ByteBuffer(bytes: try text(links)))
                sequence = end.sequence
            }
            if !last.isEmpty { try await writer.write(ByteBuffer(bytes: last)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: type,
                .contentDisposition: "attachment; filename=\"\(export.organization)-\(export.end.sequence)-\(name)\"",
            ], body: body)
    }

    private static func line(_ body: some Encodable) throws -> [UInt8] {
        try WireJSON.encode(body) + [UInt8(ascii: "\n")]
    }
}
