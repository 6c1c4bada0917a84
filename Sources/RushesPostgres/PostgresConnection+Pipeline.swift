import CLibPQ
import RushesDatabase

extension PostgresConnection {
    /// Executions that are sent before the first answer is read.
    ///
    /// The answers of so many fit into the socket's buffers, so that the server never waits for us while we wait for
    /// it.
    static var executionsPerTurn: Int { 500 }

    /// Executes statements in one round trip and hands on each answer in order.
    ///
    /// - Throws: the error of the first one that failed; those behind it were not run.
    func pipeline(
        _ executions: [(sql: String, values: [SQLValue])],
        receive: (Int, borrowing PostgresAnswer) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        try makeRoom(for: executions)
        var prepared: [PreparedStatement] = []
        for execution in executions { prepared.append(try self.prepared(execution.sql, execution.values)) }
        try enterPipeline()
        var failure: DatabaseError?
        for (statement, execution) in zip(prepared, executions) where failure == nil {
            do throws(DatabaseError) {
                try send(statement, execution.values)
            } catch { failure = error }
        }
        guard PQpipelineSync(pointer) == 1 else { throw lost("pipeline") }
        for (index, execution) in executions.enumerated() {
            do throws(DatabaseError) {
                try receiveOne(execution.sql) { answer throws(DatabaseError) in
                    if failure == nil { try receive(index, answer) }
                }
            } catch {
                failure = failure ?? error
                if isBroken { break }
            }
        }
        try leavePipeline()
        if let failure { throw failure }
    }

    /// Executes one statement for many lists of values; answers the rows changed by each.
    ///
    /// - Throws: `DatabaseError`.
    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int] {
        var affected: [Int] = []
        affected.reserveCapacity(rows.count)
        if rows.count == 1 { return [try execute(sql, rows[0]).affected] }
        var start = 0
        while start < rows.count {
            let turn = rows[start..<min(start + Self.executionsPerTurn, rows.count)]
            try pipeline(turn.map { (sql, $0) }) { _, answer in affected.append(answer.affected) }
            start += turn.count
        }
        return affected
    }

    private func enterPipeline() throws(DatabaseError) {
        guard PQenterPipelineMode(pointer) == 1 else { throw lost("pipeline") }
    }

    private func send(_ statement: PreparedStatement, _ values: [SQLValue]) throws(DatabaseError) {
        let buffer = try ParameterBuffer(values)
        let sent = buffer.withPointers { pointers in
            PQsendQueryPrepared(pointer, statement.name, Int32(values.count), pointers, nil, nil, 0)
        }
        guard sent == 1 else { throw lost("pipeline") }
    }

    /// Reads one statement's answer and the nothing behind it.
    private func receiveOne(
        _ sql: String, _ body: (borrowing PostgresAnswer) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        guard let answer = PQgetResult(pointer).map({ PostgresAnswer($0) }) else { throw lost(sql) }
        if answer.status == PGRES_PIPELINE_SYNC { throw lost(sql) }
        defer {
            if !isBroken, let more = PQgetResult(pointer) { PQclear(more) }
        }
        if answer.status == PGRES_PIPELINE_ABORTED {
            throw DatabaseError(.serialization, "not run, since a statement before it failed: \(sql)")
        }
        try check(answer, sql)
        try body(answer)
    }

    /// Reads up to the mark that ends the turn.
    private func leavePipeline() throws(DatabaseError) {
        while !isBroken, let answer = PQgetResult(pointer).map({ PostgresAnswer($0) }) {
            if answer.status == PGRES_PIPELINE_SYNC { break }
        }
        guard PQexitPipelineMode(pointer) == 1 else { throw lost("pipeline") }
    }
}
