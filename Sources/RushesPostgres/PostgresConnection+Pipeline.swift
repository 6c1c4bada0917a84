import CLibPQ
import RushesDatabase

/// A statement and its values.
typealias Execution = (sql: String, values: [SQLValue])

extension PostgresConnection {
    /// Executions that are sent before the first answer is read.
    ///
    /// The answers of so many fit into the socket's buffers, so that the server never waits for us while we wait for
    /// it.
    static var executionsPerTurn: Int { 500 }
    /// So many that wait are sent without waiting for company.
    private static var enqueuedMax: Int { 100 }

    /// Leaves statements, whose answers nobody needs, for the next round trip; what they throw is thrown there.
    ///
    /// - Throws: `DatabaseError` of those that were sent.
    func enqueue(_ executions: [Execution]) throws(DatabaseError) {
        enqueued += executions
        if enqueued.count >= Self.enqueuedMax { try sendEnqueued() }
    }

    /// Sends what waits for a round trip.
    ///
    /// - Throws: the error of the first one that failed; those behind it were not run.
    func sendEnqueued() throws(DatabaseError) {
        if !enqueued.isEmpty { try pipeline([]) { _, _ in } }
    }

    /// Executes statements in one round trip, with those that wait for one before them, and hands on each answer in
    /// order.
    ///
    /// - Throws: the error of the first one that failed; those behind it were not run.
    func pipeline(
        _ executions: [Execution], receive: (Int, consuming PostgresAnswer) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        let count = enqueued.count
        let executions = enqueued + executions
        // What cannot be sent is found out before anything is, and what waits goes on waiting: a body that catches the
        // error and goes on meets it again at its commit.
        let messages = try messages(of: executions)
        enqueued = []
        try enterPipeline()
        var failure: DatabaseError?
        for message in messages where failure == nil {
            do throws(DatabaseError) { try send(message) } catch { failure = error }
        }
        guard PQpipelineSync(pointer) == 1 else { throw lost("pipeline") }
        for (index, execution) in executions.enumerated() {
            do throws(DatabaseError) {
                let answer = try receiveOne(execution.sql)
                if failure == nil, index >= count { try receive(index - count, answer) }
            } catch {
                failure = failure ?? error
                if isBroken { break }
            }
        }
        try leavePipeline()
        if let failure { throw failure }
    }

    /// Executes a statement in one round trip with those that wait for one.
    func executeBehindEnqueued(_ execution: Execution) throws(DatabaseError) -> PostgresAnswer {
        var last: PostgresAnswer?
        try pipeline([execution]) { (_, answer: consuming PostgresAnswer) in last = consume answer }
        guard let answer = last.take() else { throw lost(execution.sql) }
        return answer
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

    private func messages(of executions: [Execution]) throws(DatabaseError) -> [Message] {
        try makeRoom(for: executions)
        var messages: [Message] = []
        messages.reserveCapacity(executions.count)
        for (sql, values) in executions {
            messages.append(
                Message(statement: try prepared(sql, values), count: values.count, buffer: try ParameterBuffer(values)))
        }
        return messages
    }

    private func send(_ message: Message) throws(DatabaseError) {
        let sent = message.buffer.withPointers { pointers in
            PQsendQueryPrepared(pointer, message.statement.name, Int32(message.count), pointers, nil, nil, 0)
        }
        guard sent == 1 else { throw lost("pipeline") }
    }

    /// Reads one statement's answer and the nothing behind it.
    private func receiveOne(_ sql: String) throws(DatabaseError) -> PostgresAnswer {
        guard let answer = PQgetResult(pointer).map({ PostgresAnswer($0) }) else { throw lost(sql) }
        if answer.status == PGRES_PIPELINE_SYNC { throw lost(sql) }
        if !isBroken, let more = PQgetResult(pointer) { PQclear(more) }
        if answer.status == PGRES_PIPELINE_ABORTED {
            throw DatabaseError(.serialization, "not run, since a statement before it failed: \(sql)")
        }
        try check(answer, sql)
        return answer
    }

    /// Reads up to the mark that ends the turn.
    private func leavePipeline() throws(DatabaseError) {
        while !isBroken, let answer = PQgetResult(pointer).map({ PostgresAnswer($0) }) {
            if answer.status == PGRES_PIPELINE_SYNC { break }
        }
        guard PQexitPipelineMode(pointer) == 1 else { throw lost("pipeline") }
    }
}

/// An execution as it is sent.
private struct Message {
    let statement: PostgresConnection.PreparedStatement
    let count: Int
    let buffer: ParameterBuffer
}
