import RushesCore
import RushesDatabase
import Testing

extension DatabaseConformance {
    private struct Refused: Error {}

    static var transactionCases: [ConformanceCase<any Database>] {
        [
            withItems("a write is seen by later reads") { database in
                try await database.write { try $0.execute("INSERT INTO item VALUES ($1, $2, $3)", [1, "a", 10]) }
                #expect(try await items(database) == [SQLRow([1, "a", 10])])
            },
            withItems("a body that throws leaves nothing") { database in
                await #expect(throws: Refused.self) {
                    try await database.write { transaction in
                        try transaction.execute("INSERT INTO item VALUES ($1, $2, $3)", [1, "a", 10])
                        throw Refused()
                    }
                }
                try await expectNoItems(database)
            },
            withItems("a body sees its own changes, also in nested queries") { database in
                let total = try await database.write { transaction in
                    try transaction.executeMany(
                        "INSERT INTO item VALUES ($1, $2, $3)", [[1, "a", 10], [2, "b", 20]])
                    var total: Int64 = 0
                    for row in try transaction.query("SELECT id FROM item", []) {
                        let amounts = try transaction.query(
                            "SELECT amount FROM item WHERE id = $1", [.integer(row.integer(0))])
                        total += try amounts[0].integer(0)
                    }
                    return total
                }
                #expect(total == 30)
            },
            withItems("a read stays on one snapshot while others write") { database in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for number in 1...50 {
                            try await database.write { transaction in
                                try transaction.execute(
                                    "INSERT INTO item VALUES ($1, NULL, $2)", [.int(2 * number), .int(number)])
                                try transaction.execute(
                                    "INSERT INTO item VALUES ($1, NULL, $2)", [.int(2 * number + 1), .int(number)])
                            }
                        }
                    }
                    for _ in 1...50 {
                        let counts = try await database.read { reader in
                            let first = try reader.query("SELECT COUNT(*) FROM item", [])
                            let second = try reader.query("SELECT COUNT(*) FROM item", [])
                            return [try first[0].int(0), try second[0].int(0)]
                        }
                        #expect(counts[0] == counts[1] && counts[0] % 2 == 0)
                    }
                    try await group.waitForAll()
                }
                #expect(try await items(database).count == 100)
            },
            withItems("writes of many callers are one after the other") { database in
                try await database.write { try $0.execute("INSERT INTO item VALUES (1, 'sum', 0)", []) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 1...40 {
                        group.addTask {
                            try await database.write { transaction in
                                let lock = transaction.dialect.forUpdate
                                let rows = try transaction.query("SELECT amount FROM item WHERE id = 1\(lock)", [])
                                try transaction.execute(
                                    "UPDATE item SET amount = $1 WHERE id = 1", [.int(rows[0].int(0) + 1)])
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await items(database) == [SQLRow([1, "sum", 40])])
            },
            withItems("a read cannot write") { database in
                await #expect(throws: DatabaseError.self) {
                    try await database.read { try $0.query("INSERT INTO item VALUES (1, 'a', 1) RETURNING id", []) }
                }
                try await expectNoItems(database)
            },
            withItems("a cancelled caller gets the whole transaction or none") { database in
                let writing = Task {
                    try await database.write { try $0.execute("INSERT INTO item VALUES (1, 'a', 1)", []) }
                }
                writing.cancel()
                let result = await writing.result
                let count = try await items(database).count
                switch result {
                case .success(let changed): #expect(changed == 1 && count == 1)
                case .failure: #expect(count == 0)
                }
            },
        ]
    }
}
