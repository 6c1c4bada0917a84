import CLibPQ

/// libpq itself: prepared statements over whole groups, a pipeline for each transaction, COPY.
final class PlainPostgres: PlainConnection {
    static let bulkWays = [BulkWay.insert, .copy]
    static let form = PathWrites.Form.allTasks

    private let connection: OpaquePointer
    private var names: [String: String] = [:]
    private var singleRows = 0
    private static let rowsPerInsert = 1_000

    init(_ url: String) throws {
        guard let opened = PQconnectdb(url) else { throw PlainSQLError(message: "no memory", sql: "") }
        connection = opened
        guard PQstatus(connection) == CONNECTION_OK else { throw failure("connect") }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    func rows(_ sql: String) throws -> [[String]] {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK else { throw failure(sql) }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in String(cString: PQgetvalue(result, row, column)) }
        }
    }

    func run(_ statements: [String]) throws {
        try check(PQexec(connection, statements.joined(separator: ";")), statements[0])
    }

    func insertTasks(of batch: PlainBatch, by way: BulkWay) throws {
        switch way {
        case .insert: try insert(batch)
        case .copy: try copy(batch)
        }
    }

    func commit(_ stage: PathWrites.Stage, for tasks: [String]) throws {
        let list = "{" + tasks.joined(separator: ",") + "}"
        let statements: [PlainExecution] =
            [PlainExecution("BEGIN")] + stage.perTask.map { PlainExecution($0, [list], rows: tasks.count) }
            + stage.perGroup.map { PlainExecution($0, rows: 1) } + [PlainExecution("COMMIT")]
        try pipeline(statements)
    }

    func commit(_ executions: [PlainExecution]) throws {
        try pipeline([PlainExecution("BEGIN")] + executions + [PlainExecution("COMMIT")])
    }

    func commitSingleRows(_ count: Int) throws {
        let sql = "INSERT INTO bench_row (id, body) VALUES (CAST($1 AS BIGINT), $2)"
        let name = try prepared(sql)
        for _ in 0..<count {
            singleRows += 1
            let result = Self.withPointers([String(singleRows), "a row of some length, as a freeze has"]) { values in
                PQexecPrepared(connection, name, 2, values, nil, nil, 0)
            }
            try check(result, sql)
        }
    }

    /// The server keeps itself in order.
    func tidy() throws {}

    private func insert(_ batch: PlainBatch) throws {
        let sql = """
            INSERT INTO task (\(PlainBatch.taskColumns))
            SELECT id, \(batch.id.quoted), \(batch.organization.quoted), \(batch.lane.quoted), place, custom_id, prompt,
              4, '1280x720', \(batch.createdAt), 'queued', 0, 0, 0, 0, \(batch.createdAt)
            FROM unnest(CAST($1 AS TEXT[]), CAST($2 AS BIGINT[]), CAST($3 AS TEXT[]), CAST($4 AS TEXT[]))
              AS fresh (id, place, custom_id, prompt)
            """
        let executions = stride(from: 0, to: batch.tasks.count, by: Self.rowsPerInsert).map { start in
            let rows = batch.tasks[start..<min(start + Self.rowsPerInsert, batch.tasks.count)]
            func list(_ value: (PlainTask) -> String) -> String { "{" + rows.map(value).joined(separator: ",") + "}" }
            let values = [list(\.id), list { "\($0.place)" }, list(\.customID), list { "\"\($0.prompt)\"" }]
            return PlainExecution(sql, values, rows: rows.count)
        }
        try pipeline(executions)
    }

    private func copy(_ batch: PlainBatch) throws {
        let sql = "COPY task (\(PlainBatch.taskColumns)) FROM STDIN"
        try check(PQexec(connection, sql), sql, PGRES_COPY_IN)
        for piece in batch.copyPieces {
            let sent = piece.withUnsafeBytes { bytes in
                PQputCopyData(connection, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
            }
            guard sent == 1 else { throw failure(sql) }
        }
        guard PQputCopyEnd(connection, nil) == 1 else { throw failure(sql) }
        try check(PQgetResult(connection), sql)
        while let result = PQgetResult(connection) { PQclear(result) }
    }
}

extension PlainPostgres {
    /// Sends everything, then reads every answer: one round trip.
    private func pipeline(_ executions: [PlainExecution]) throws {
        let prepared = try executions.map { try self.prepared($0.sql) }
        guard PQenterPipelineMode(connection) == 1 else { throw failure("pipeline") }
        for (name, execution) in zip(prepared, executions) {
            let sent = Self.withPointers(execution.values) { values in
                PQsendQueryPrepared(connection, name, Int32(execution.values.count), values, nil, nil, 0)
            }
            guard sent == 1 else { throw failure(execution.sql) }
        }
        guard PQpipelineSync(connection) == 1 else { throw failure("sync") }
        for execution in executions {
            let result = PQgetResult(connection)
            if let rows = execution.rows, Int(String(cString: PQcmdTuples(result))) != rows {
                throw PlainSQLError(
                    message: "changed \(String(cString: PQcmdTuples(result))) rows: \(message)", sql: execution.sql)
            }
            try check(result, execution.sql)
            PQclear(PQgetResult(connection))  // The nothing behind each answer.
        }
        try check(PQgetResult(connection), "sync", PGRES_PIPELINE_SYNC)
        guard PQexitPipelineMode(connection) == 1 else { throw failure("pipeline") }
    }

    private func prepared(_ sql: String) throws -> String {
        if let known = names[sql] { return known }
        let name = "p\(names.count)"
        try check(PQprepare(connection, name, sql, 0, nil), sql)
        names[sql] = name
        return name
    }

    private func check(_ result: OpaquePointer?, _ sql: String, _ status: ExecStatusType = PGRES_COMMAND_OK) throws {
        defer { PQclear(result) }
        guard PQresultStatus(result) == status else { throw failure(sql) }
    }

    private func failure(_ sql: String) -> PlainSQLError { PlainSQLError(message: message, sql: sql) }

    private var message: String { String(cString: PQerrorMessage(connection)) }

    /// The texts one after the other, each with a zero byte at its end.
    private static func withPointers<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for text in texts {
            starts.append(bytes.count)
            bytes += text.utf8CString
        }
        return bytes.withUnsafeBufferPointer { bytes in
            starts.map { bytes.baseAddress?.advanced(by: $0) }.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
