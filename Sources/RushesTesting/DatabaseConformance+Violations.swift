import RushesDatabase
import Testing

extension DatabaseConformance {
    static var violationCases: [ConformanceCase<any Database>] {
        [
            withItems("a second row with a unique value is a unique violation") { database in
                for duplicate: [SQLValue] in [[1, "other", 1], [2, "a", 1]] {
                    await expectFailure(.uniqueViolation) {
                        try await database.write { transaction in
                            try transaction.execute("INSERT INTO item VALUES ($1, $2, $3)", [1, "a", 1])
                            try transaction.execute("INSERT INTO item VALUES ($1, $2, $3)", duplicate)
                        }
                    }
                }
                try await expectNoItems(database)
            },
            withItems("a CHECK is a constraint violation") { database in
                await expectFailure(.constraintViolation) {
                    _ = try await database.write { try $0.execute("INSERT INTO item VALUES (1, 'a', $1)", [-1]) }
                }
            },
            withItems("a missing parent row is a constraint violation") { database in
                try await database.write { transaction in
                    try transaction.execute("CREATE TABLE child (item_id BIGINT NOT NULL REFERENCES item (id))", [])
                }
                await expectFailure(.constraintViolation) {
                    _ = try await database.write { try $0.execute("INSERT INTO child VALUES ($1)", [7]) }
                }
                await expectFailure(.constraintViolation) {
                    _ = try await database.write { try $0.execute("INSERT INTO child VALUES (NULL)", []) }
                }
            },
            withItems("a failing row of executeMany undoes the whole transaction") { database in
                await expectFailure(.uniqueViolation) {
                    _ = try await database.write {
                        try $0.executeMany("INSERT INTO item VALUES ($1, $2, 0)", [[1, "a"], [2, "b"], [3, "a"]])
                    }
                }
                try await expectNoItems(database)
            },
        ]
    }
}
