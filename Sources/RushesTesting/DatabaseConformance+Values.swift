import RushesDatabase
import Testing

extension DatabaseConformance {
    static var valueCases: [ConformanceCase<any Database>] {
        [
            withItems("NULL, integers and texts come back as they were") { database in
                let rows: [[SQLValue]] = [
                    [.integer(.min), .null, .null], [-1, "", 0], [0, "a", 1], [.integer(.max), "b", .integer(.max)],
                ]
                try await database.write { try $0.bulkInsert("item", ["id", "name", "amount"], rows) }
                #expect(try await items(database) == rows.map { SQLRow($0) })
            },
            withItems("every text comes back as it was") { database in
                let texts = [
                    "héllo", "日本語のプロンプト", "👩‍👩‍👧‍👦🇩🇪", "e\u{301}", "'; DROP TABLE item; --", "%_\\\"`$1?:a@b",
                    "line\nbreak\ttab\r\n", "\\N", "\\.",
                ]
                try await database.write { transaction in
                    try transaction.bulkInsert(
                        "item", ["id", "name"], texts.enumerated().map { [.int($0.offset), .text($0.element)] })
                }
                let found = try await items(database).map { try $0.text(1) }
                #expect(found.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
            },
            withItems("a text may be long, in a column without an index") { database in
                let long = String(repeating: "x", count: 1 << 20)
                let found = try await database.write { transaction in
                    try transaction.execute("CREATE TABLE page (content TEXT)", [])
                    try transaction.bulkInsert("page", ["content"], Array(repeating: [.text(long)], count: 20))
                    try transaction.execute("INSERT INTO page VALUES ($1)", [.text(long)])
                    return try transaction.query("SELECT content FROM page", []).map { try $0.text(0) }
                }
                #expect(found.count == 21 && found.allSatisfy { $0 == long })
            },
            withItems("a bulk insert of many rows keeps every text as it was, too") { database in
                let texts = ["", "a\tb", "c\nd", "e\\f", "\\N", "\\.", "'", "\r", "日本", "\"q\""]
                let rows = (0..<60).map { [SQLValue.int($0), .text(texts[$0 % texts.count] + "\($0)")] }
                try await database.write { try $0.bulkInsert("item", ["id", "name"], rows) }
                let found = try await items(database)
                #expect(found.map { Array($0.values.prefix(2)) } == rows)
            },
            withItems("texts are compared byte by byte, so that paging by text is the same everywhere") { database in
                let order = try await database.write { transaction in
                    try transaction.bulkInsert(
                        "item", ["id", "name"], [[1, "b"], [2, "B"], [3, "a_"], [4, "aZ"], [5, "ä"]])
                    return try transaction.query("SELECT id FROM item ORDER BY name", []).map { try $0.int(0) }
                }
                #expect(order == [2, 4, 3, 1, 5])
            },
            withItems("a NULL in a column that must have a value is a decoding error") { database in
                try await database.write { try $0.execute("INSERT INTO item VALUES (1, NULL, NULL)", []) }
                await expectFailure(.decoding) {
                    _ = try await database.read { try $0.query("SELECT name FROM item", [])[0].text(0) }
                }
            },
        ]
    }
}
