import CLibPQ
import RushesDatabase

extension PostgresConnection {
    private static var bytesPerSend: Int { 128 * 1_024 }

    /// Inserts rows by COPY, behind what waits for a round trip: a COPY cannot be in a pipeline.
    ///
    /// - Throws: `DatabaseError`.
    func copy(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) {
        try sendEnqueued()
        try run(sql)
        do throws(DatabaseError) {
            var text = CopyText()
            for row in rows {
                try text.append(row)
                if text.bytes.count >= Self.bytesPerSend { try send(&text, sql) }
            }
            try send(&text, sql)
        } catch {
            finishCopy(refusing: true)
            throw error
        }
        finishCopy(refusing: false)
        var failure: DatabaseError?
        while let answer = PQgetResult(pointer).map({ PostgresAnswer($0) }) {
            do throws(DatabaseError) { try check(answer, sql) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func send(_ text: inout CopyText, _ sql: String) throws(DatabaseError) {
        let sent = text.bytes.withUnsafeBufferPointer { bytes in
            PQputCopyData(pointer, bytes.baseAddress, Int32(bytes.count))
        }
        guard sent == 1 else { throw lost(sql) }
        text.removeAll()
    }

    private func finishCopy(refusing: Bool) {
        // A failure shows in the answer that is read next.
        _ = PQputCopyEnd(pointer, refusing ? "refused by the client" : nil)
        guard refusing else { return }
        while let answer = PQgetResult(pointer) { PQclear(answer) }
    }
}
