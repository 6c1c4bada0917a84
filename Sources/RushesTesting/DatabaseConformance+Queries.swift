import RushesDatabase
import Testing

extension DatabaseConformance {
    /// A query by itself that answers an item's amount; nil when there is no such item.
    private static func amount(_ id: Int) -> SingleQuery<Int64?> {
        SingleQuery("SELECT amount FROM item WHERE id = $1", [.int(id)]) { rows throws(DatabaseError) in
            try rows.first?.integer(0)
        }
    }

    static var queryCases: [ConformanceCase<any Database>] {
        [
            withItems("a query by itself sees every commit before it, also among many others") { database in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<16 {
                        group.addTask {
                            for round in 0..<8 {
                                let id = caller * 8 + round
                                let before = try await database.read(amount(id))
                                try await database.write { transaction in
                                    try transaction.execute(
                                        "INSERT INTO item VALUES ($1, NULL, $2)", [.int(id), .int(id + 1)])
                                }
                                let after = try await database.read(amount(id))
                                #expect(before == nil && after == Int64(id + 1))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            },
            withItems("a query that fails does not fail those beside it") { database in
                try await database.write { try $0.execute("INSERT INTO item VALUES ($1, NULL, $2)", [1, 10]) }
                let wrong = SingleQuery("SELECT amount FROM item WHERE absent = $1", [1]) { $0.count }
                let unreadable = SingleQuery("SELECT amount FROM item WHERE id = $1", [1]) {
                    rows throws(DatabaseError) in try rows[0].text(0)
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<40 {
                        group.addTask { await expectFailure(.invalidStatement) { _ = try await database.read(wrong) } }
                        group.addTask { await expectFailure(.decoding) { _ = try await database.read(unreadable) } }
                        group.addTask {
                            let amount = try await database.read(amount(1))
                            #expect(amount == 10)
                        }
                    }
                    try await group.waitForAll()
                }
            },
            withItems("a query by itself cannot write") { database in
                let writing = SingleQuery("INSERT INTO item VALUES (1, NULL, 1) RETURNING id", []) { $0.count }
                await #expect(throws: DatabaseError.self) { _ = try await database.read(writing) }
                try await expectNoItems(database)
            },
        ]
    }
}
