import RushesCore
import RushesDatabase
import Testing

extension DatabaseConformance {
    private struct Refused: Error {}

    /// Statements whose answers nobody needs, so that a driver may send them later.
    static var enqueuedCases: [ConformanceCase<any Database>] {
        [
            withItems("what is enqueued is run in order, before the next query and before the commit") { database in
                let amounts = try await database.write { transaction in
                    try transaction.enqueue("INSERT INTO item VALUES (1, 'a', $1)", [1])
                    try transaction.enqueueMany(
                        "UPDATE item SET amount = amount * $1 + $2 WHERE id = 1", [[3, 1], [5, 2]])
                    try transaction.bulkInsert("item", ["id", "name", "amount"], [[2, "b", 7], [3, "c", 8]])
                    let rows = try transaction.query("SELECT amount FROM item ORDER BY id", [])
                    try transaction.enqueue("UPDATE item SET amount = $1 WHERE id = $2", [100, 2])
                    return try rows.map { row throws(DatabaseError) in try row.integer(0) }
                }
                #expect(amounts == [22, 7, 8])
                let left = try await items(database).map { try $0.integer(2) }
                #expect(left == [22, 100, 8])
            },
            withItems("many are enqueued, and rows are copied behind them") { database in
                try await database.write { transaction in
                    try transaction.enqueueMany(
                        "INSERT INTO item VALUES ($1, NULL, 0)", (1...250).map { [.int($0)] })
                    try transaction.bulkInsert("item", ["id", "amount"], (251...850).map { [.int($0), 0] })
                }
                #expect(try await items(database).count == 850)
            },
            withItems("an enqueued statement that fails fails its body, and the next body is well") { database in
                try await database.write { try $0.execute("INSERT INTO item VALUES (1, 'a', 1)", []) }
                await expectFailure(.uniqueViolation) {
                    try await database.write { transaction in
                        try transaction.enqueue("UPDATE item SET amount = 2", [])
                        try transaction.enqueue("INSERT INTO item VALUES (2, 'a', 1)", [])
                    }
                }
                await expectFailure(.constraintViolation) {
                    _ = try await database.write { transaction in
                        try transaction.enqueue("UPDATE item SET amount = -1", [])
                        return try transaction.query("SELECT id FROM item", [])
                    }
                }
                await expectFailure(.invalidStatement) {
                    try await database.write { try $0.enqueue("UPDATE item SET name = $1, nothing = 1", ["b"]) }
                }
                try await database.write { try $0.enqueue("INSERT INTO item VALUES (2, 'b', 1)", []) }
                #expect(try await items(database) == [SQLRow([1, "a", 1]), SQLRow([2, "b", 1])])
            },
            withItems("of bodies that share a transaction each one fails by itself") { database in
                let kept = await withTaskGroup(of: Int?.self) { callers in
                    for number in 0..<60 {
                        callers.addTask { try? await enqueueAndFailSome(number, database) }
                    }
                    return await callers.reduce(into: [Int]()) { kept, number in number.map { kept.append($0) } }
                }
                #expect(kept.sorted() == (0..<60).filter { $0 % 4 < 2 })
                let there = try await items(database).map { try $0.int(0) }
                #expect(there == kept.sorted())
            },
        ]
    }

    /// A body that enqueues a row; of four one ends so, one asks something more, one throws and one enqueues what is
    /// not allowed.
    private static func enqueueAndFailSome(_ number: Int, _ database: any Database) async throws -> Int {
        try await database.write(in: .wallet(of: OrganizationID(trusted: "org_items"))) { transaction in
            try transaction.enqueue("INSERT INTO item VALUES ($1, NULL, 0)", [.int(number)])
            switch number % 4 {
            case 1: _ = try transaction.query("SELECT id FROM item WHERE id = $1", [.int(number)])
            case 2: throw Refused()
            case 3: try transaction.enqueue("UPDATE item SET amount = -1 WHERE id = $1", [.int(number)])
            default: break
            }
            return number
        }
    }
}
