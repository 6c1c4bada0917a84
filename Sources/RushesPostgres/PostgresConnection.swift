import CLibPQ
import Glibc
import RushesDatabase

/// One connection to the server, with its prepared statements; only the thread that made it may use it.
final class PostgresConnection {
    /// When the server came up; a connection that finds another time speaks to a server that has restarted.
    private(set) var serverStartedAt = ""
    /// The server's version, such as `15.18`.
    private(set) var serverVersion = ""

    let pointer: OpaquePointer
    private var statements: [String: PreparedStatement] = [:]
    private var statementsMade = 0
    private static let statementsMax = 500
    private let planLifeMillisecondsMax: Int64
    /// How long plans live now: a young connection may work on a young database.
    private var planLifeMilliseconds: Int64
    private var plansRenewedAt = DatabaseClock.monotonic
    var insertions = InsertionTexts()
    /// Statements whose answers nobody needs; they go with the next round trip.
    var enqueued: [Execution] = []

    /// A statement that the server has parsed.
    struct PreparedStatement {
        let name: String
        let parameters: Int
    }

    /// Connects and sets the limits of this session.
    ///
    /// - Throws: `DatabaseError`: `unavailable` when the server refuses for good, `connectionLost` when it is not
    /// there.
    init(_ settings: PostgresSettings, writes: Bool) throws(DatabaseError) {
        guard let pointer = Self.connect(settings) else { throw DatabaseError(.fatal, "no memory for a connection") }
        self.pointer = pointer
        planLifeMillisecondsMax = settings.planLifeMilliseconds.upperBound
        planLifeMilliseconds = settings.planLifeMilliseconds.lowerBound
        guard PQstatus(pointer) == CONNECTION_OK else {
            throw DatabaseError(.connectionLost, "no connection: \(Self.message(pointer))")
        }
        PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        try run(settings.sessionStatements)
        try run(writes ? Self.writingStatements : "SET default_transaction_read_only = on")
        try inspect(writes: writes)
    }

    /// Everything that is written is found by an index. A plan that was made when a table was small, or when most of
    /// its rows were of one kind, would read it whole, and is kept while it grows (ADR 0032).
    private static var writingStatements: String { "SET enable_seqscan = off; SET jit = off" }

    deinit { PQfinish(pointer) }

    /// True when the connection is gone.
    var isBroken: Bool { PQstatus(pointer) != CONNECTION_OK }

    /// The server's last words about the connection.
    var lastMessage: String { Self.message(pointer) }

    /// Runs statements without parameters by the simple protocol; for the session's settings only.
    func run(_ sql: String) throws(DatabaseError) {
        guard let answer = PQexec(pointer, sql).map({ PostgresAnswer($0) }) else { throw lost(sql) }
        try check(answer, sql)
    }

    /// Has the server make plans anew that are older than they may be; between transactions (ADR 0032). A connection
    /// that is lost here is seen to be broken.
    func renewPlans() {
        let now = DatabaseClock.monotonic
        if now - plansRenewedAt < planLifeMilliseconds { return }
        plansRenewedAt = now
        planLifeMilliseconds = min(2 * planLifeMilliseconds, planLifeMillisecondsMax)
        if let answer = PQexec(pointer, "DISCARD PLANS") { PQclear(answer) }
    }

    /// Executes one statement, behind those that wait for a round trip.
    ///
    /// - Throws: `DatabaseError`.
    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> PostgresAnswer {
        if !enqueued.isEmpty { return try executeBehindEnqueued((sql, values)) }
        let statement = try prepared(sql, values)
        let buffer = try ParameterBuffer(values)
        let result = buffer.withPointers { pointers in
            PQexecPrepared(pointer, statement.name, Int32(values.count), pointers, nil, nil, 0)
        }
        guard let answer = result.map({ PostgresAnswer($0) }) else { throw lost(sql) }
        try check(answer, sql)
        return answer
    }

    /// The prepared form of a statement; the first use of a text costs a round trip.
    func prepared(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> PreparedStatement {
        let known = statements[sql]
        let statement = if let known { known } else { try prepare(sql, values) }
        guard statement.parameters == values.count else {
            throw DatabaseError(
                .invalidStatement, "\(values.count) values for \(statement.parameters) parameters: \(sql)")
        }
        return statement
    }

    /// Sees to it that preparing the statements of a pipeline does not make the server forget the first of them.
    func makeRoom(for executions: [Execution]) throws(DatabaseError) {
        if statements.count + executions.count <= Self.statementsMax { return }
        let new = Set(executions.map(\.sql)).subtracting(statements.keys)
        if statements.count + new.count > Self.statementsMax { try forgetStatements() }
    }

    private func forgetStatements() throws(DatabaseError) {
        statements = [:]
        try run("DEALLOCATE ALL")
    }

    private func prepare(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> PreparedStatement {
        let names = try ParameterNames(of: sql)
        guard names.count == values.count else {
            throw DatabaseError(.invalidStatement, "\(values.count) values for \(names.count) parameters: \(sql)")
        }
        if statements.count >= Self.statementsMax { try forgetStatements() }
        statementsMade += 1
        let statement = PreparedStatement(name: "s\(statementsMade)", parameters: names.count)
        let types = values.map(\.typeIdentifier)
        guard
            let answer = PQprepare(pointer, statement.name, sql, Int32(types.count), types).map({ PostgresAnswer($0) })
        else { throw lost(sql) }
        try check(answer, sql)
        statements[sql] = statement
        return statement
    }

    /// Throws what an answer tells when it is an error.
    func check(_ answer: borrowing PostgresAnswer, _ sql: String) throws(DatabaseError) {
        switch answer.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_COPY_IN: return
        default: throw isBroken ? lost(sql) : answer.failure(sql)
        }
    }

    /// The connection broke at a statement.
    func lost(_ sql: String) -> DatabaseError {
        DatabaseError(.connectionLost, "the connection broke: \(lastMessage) in: \(sql)")
    }

    /// Refuses a server that cannot do what is asked of this connection.
    private func inspect(writes: Bool) throws(DatabaseError) {
        let row = try execute(
            """
            SELECT current_setting('server_version'), current_setting('server_encoding'),
              CAST(pg_is_in_recovery() AS INTEGER), current_setting('transaction_read_only'),
              CAST(pg_postmaster_start_time() AS TEXT), CAST(current_setting('server_version_num') AS INTEGER)
            """, []
        ).rows("server settings")[0]
        serverVersion = try row.text(0)
        serverStartedAt = try row.text(4)
        guard try row.int(5) >= 140_000 else {
            throw DatabaseError(.unavailable, "PostgreSQL \(serverVersion) is too old: 14 is the oldest that works")
        }
        guard try row.text(1) == "UTF8" else {
            throw DatabaseError(.unavailable, "the database's encoding is \(try row.text(1)) and must be UTF8")
        }
        guard writes else { return }
        if try row.int(2) == 1 {
            throw DatabaseError(.unavailable, "the server is a standby: it takes no writes until it is promoted")
        }
        if try row.text(3) == "on" {
            throw DatabaseError(.unavailable, "the database is read-only (default_transaction_read_only)")
        }
    }

    private static func connect(_ settings: PostgresSettings) -> OpaquePointer? {
        let parameters = [
            ("dbname", settings.url), ("application_name", settings.applicationName), ("client_encoding", "UTF8"),
            ("connect_timeout", String(settings.connectTimeoutSeconds)), ("keepalives_idle", "30"),
            ("keepalives_interval", "10"), ("keepalives_count", "3"),
        ]
        return withCStrings(parameters.map(\.0)) { names in
            withCStrings(parameters.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
    }

    private static func message(_ pointer: OpaquePointer) -> String {
        String(cString: PQerrorMessage(pointer)).split(separator: "\n").joined(separator: "; ")
    }
}

extension PostgresSettings {
    fileprivate var sessionStatements: String {
        """
        SET statement_timeout = \(statementTimeoutMilliseconds);
        SET lock_timeout = \(lockTimeoutMilliseconds);
        SET idle_in_transaction_session_timeout = \(idleInTransactionTimeoutMilliseconds);
        SET client_min_messages = warning;
        SET standard_conforming_strings = on
        """
    }
}

extension SQLValue {
    /// PostgreSQL's number of the type that a parameter is declared as; NULL leaves it to the statement.
    fileprivate var typeIdentifier: Oid {
        switch self {
        case .null: 0
        case .integer: 20
        case .text: 25
        }
    }
}

/// Hands texts over as C strings with a nil at the end.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { body($0.baseAddress!) }
}
