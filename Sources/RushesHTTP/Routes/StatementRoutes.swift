import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// Monthly statements.
struct StatementRoutes: Sendable {
    let statements: StatementService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/statements", list)
        endpoints.authorized(.get, "/v1/statements/{month}", statement)
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
