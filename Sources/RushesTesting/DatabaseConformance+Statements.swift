import RushesDatabase
import Testing

extension DatabaseConformance {
    static var statementCases: [ConformanceCase<any Database>] {
        [
            withItems("executeMany counts the rows of each") { database in
                let changed = try await database.write { transaction in
                    try transaction.bulkInsert("item", ["id", "amount"], [[1, 5], [2, 5], [3, 7]])
                    return try transaction.executeMany(
                        "UPDATE item SET amount = amount + 1 WHERE amount = $1", [[5], [99], [7]])
                }
                #expect(changed == [2, 0, 1])
            },
            withItems("updateMany changes each row that is what it was, and answers which") { database in
                for count in [5, 700] {
                    let changed = try await database.write { transaction in
                        try transaction.execute("DELETE FROM item", [])
                        try transaction.bulkInsert(
                            "item", ["id", "name", "amount"],
                            (1...count).map { [.int($0), .text("old \($0)"), .int($0 * 10)] })
                        return try transaction.updateMany(nameAndAmount, changes(of: count))
                    }
                    #expect(changed == [true, true, false, false] + Array(repeating: true, count: count - 4))
                    let items = try await items(database).map(\.values)
                    #expect(items[0] == [1, .text(quotes), 7])
                    #expect(items[1...3] == [[2, .null, 20], [3, "old 3", 30], [4, "old 4", 40]])
                    #expect(items[4...].allSatisfy { $0[1] == name(of: $0[0]) && $0[2] == $0[0] })
                }
            },
            withItems("a statement that changes no rows counts none") { database in
                let changed = try await database.write { transaction in
                    try transaction.execute("INSERT INTO item VALUES (1, 'a', 1)", [])
                    return [
                        try transaction.execute("CREATE TABLE other (id BIGINT)", []),
                        try transaction.execute("DELETE FROM item WHERE id = $1", [2]),
                    ]
                }
                #expect(changed == [0, 0])
            },
            withItems("bulkInsert takes thousands of rows and none") { database in
                try await database.write { transaction in
                    try transaction.bulkInsert("item", ["id", "name", "amount"], [])
                    try transaction.bulkInsert(
                        "item", ["id", "name", "amount"],
                        (1...2_500).map { [.int($0), .text("name \($0)"), .int($0)] })
                }
                let rows = try await items(database)
                #expect(rows.count == 2_500 && rows.last == SQLRow([2_500, "name 2500", 2_500]))
            },
            withItems("RETURNING answers the changed rows") { database in
                let rows = try await database.write { transaction in
                    try transaction.bulkInsert("item", ["id", "amount"], [[1, 5], [2, 6], [3, 7]])
                    return try transaction.query(
                        "UPDATE item SET amount = amount * 10 WHERE amount > $1 RETURNING id, amount", [5])
                }
                // The order of returned rows is not promised.
                #expect(Set(rows.map(\.values)) == [[2, 60], [3, 70]])
            },
            withItems("UPDATE ... FROM joins another table") { database in
                let changed = try await database.write { transaction in
                    try transaction.execute("CREATE TABLE bonus (item_id BIGINT, plus BIGINT)", [])
                    try transaction.bulkInsert("item", ["id", "amount"], [[1, 5], [2, 6]])
                    try transaction.bulkInsert("bonus", ["item_id", "plus"], [[2, 100]])
                    return try transaction.execute(
                        "UPDATE item SET amount = amount + bonus.plus FROM bonus WHERE bonus.item_id = item.id", [])
                }
                #expect(changed == 1)
                #expect(try await items(database).map(\.values[2]) == [5, 106])
            },
            withItems("ON CONFLICT inserts or updates") { database in
                let changed = try await database.write { transaction in
                    let upsert =
                        "INSERT INTO item (id, amount) VALUES ($1, $2) "
                        + "ON CONFLICT (id) DO UPDATE SET amount = item.amount + excluded.amount"
                    let nothing = "INSERT INTO item (id, amount) VALUES ($1, $2) ON CONFLICT DO NOTHING"
                    let first = try transaction.executeMany(upsert, [[1, 5], [1, 6]])
                    return first + (try transaction.executeMany(nothing, [[1, 0], [2, 1]]))
                }
                #expect(changed == [1, 1, 0, 1])
                #expect(try await items(database).map(\.values[2]) == [11, 1])
            },
            withItems("a parameter may be used twice; its number is its first appearance") { database in
                let rows = try await database.write { transaction in
                    try transaction.bulkInsert("item", ["id", "amount"], [[1, 5], [2, 6], [3, 7]])
                    return try transaction.query(
                        "SELECT id, $1 || '!' FROM item WHERE amount > $2 AND id > $2 - 4 AND id < $3 ORDER BY id",
                        ["so", 5, 3])
                }
                #expect(rows == [SQLRow([2, "so!"])])
            },
            withItems("a name may stand for more than nine parameters") { database in
                let rows = try await database.read { reader in
                    try reader.query(
                        "SELECT $1 || $2 || $3 || $4 || $5 || $6 || $7 || $8 || $9 || $10 || $11",
                        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"])
                }
                #expect(rows == [SQLRow(["abcdefghijk"])])
            },
            withItems("parameters out of order are refused") { database in
                await expectFailure(.invalidStatement) {
                    _ = try await database.read { try $0.query("SELECT CAST($2 AS TEXT), $1", ["a", "b"]) }
                }
            },
            withItems("too few and too many values are refused") { database in
                for values: [SQLValue] in [[1], [1, "a", 1, 1]] {
                    await expectFailure(.invalidStatement) {
                        _ = try await database.write { try $0.execute("INSERT INTO item VALUES ($1, $2, $3)", values) }
                    }
                }
                try await expectNoItems(database)
            },
            withItems("one call takes one statement") { database in
                await expectFailure(.invalidStatement) {
                    _ = try await database.write {
                        try $0.execute("INSERT INTO item VALUES (1, 'a', 1); DELETE FROM item", [])
                    }
                }
            },
            withItems("a wrong statement is a defect of ours") { database in
                await expectFailure(.invalidStatement) {
                    _ = try await database.read { try $0.query("SELECT nothing FROM nowhere", []) }
                }
            },
        ]
    }
}

/// Everything that a text form might take for its own.
private let quotes = "a \"quoted\", {braced} \\ name"

private let nameAndAmount = RowUpdate(
    "item", set: [RowUpdate.Column("name", .text), RowUpdate.Column("amount", .integer, skipsNull: true)],
    where: [RowUpdate.Column("id", .integer), RowUpdate.Column("amount", .integer, skipsNull: true)], and: "id <> 3")

/// Name and amount as they are to be, id and amount as they were.
private func changes(of count: Int) -> [[SQLValue]] {
    let first: [[SQLValue]] = [
        [.text(quotes), 7, 1, 10], [.null, .null, 2, .null], ["x", 1, 3, .null], ["x", 1, 4, 41],
    ]
    return first + (5...count).map { [name(of: .int($0)), .int($0), .int($0), .int($0 * 10)] }
}

/// The text that looks like nothing, and others.
private func name(of id: SQLValue) -> SQLValue { id == 5 ? "NULL" : .text("new \(id)") }
