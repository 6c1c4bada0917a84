import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesWire

/// Monthly statements.
struct StatementRoutes: Sendable {
    let statements: StatementService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/statements", list)
        endpoints.authorized(.get, "/v1/statements/{month}", statement)
        endpoints.authorized(.get, "/v1/statements/{month}.html", page)
    }

    @Sendable private func list(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let months = try await statements.months(of: organization)
        return try .json(
            ListBody(
                data: months.map { StatementMonthBody(month: $0.month.description, closed: $0.isClosed) },
                nextCursor: nil))
    }

    @Sendable private func statement(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let statement = try await statements.statement(of: organization, in: try call.month())
        return try .json(StatementBody(statement))
    }

    /// The same for people and for paper.
    @Sendable private func page(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let query = try call.query(["lang"])
        guard let language = PageLanguage(rawValue: query["lang"] ?? PageLanguage.english.rawValue) else {
            throw Problem.invalid(parameter: "lang", "invalid_value", "lang is en or zh")
        }
        let statement = try await statements.statement(of: organization, in: try call.month())
        let name = try await statements.customerName(of: organization)
        let page = StatementPage(StatementBody(statement), customer: name, language: language)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: page.html)))
    }
}

extension Call {
    /// The month in the path.
    ///
    /// - Throws: `Problem.notFound` for a text that is none: it names nothing.
    fileprivate func month() throws(Problem) -> CalendarMonth {
        guard let text = context.parameters.get("month"), let month = CalendarMonth(text) else { throw .notFound }
        return month
    }
}
