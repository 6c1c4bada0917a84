import RushesCore

/// How often one client can commit one row: the ceiling of all work that commits step by step.
struct CommitMeasurement {
    let databases: BenchDatabases
    private static let rows = 300

    func run() async throws -> [Figure] {
        let disk = DiskProbe(databases.folder)
        var figures = [try disk.figure(when: "before")]
        let rate = try await databases.with("commits") { database in
            let connection = try database.plain()
            try connection.prepareSingleRows()
            return try Self.rate(connection)
        }
        figures.append(Figure(name: "one client, one row a commit", value: rate, unit: "/s"))
        figures.append(try disk.figure(when: "after"))
        return figures
    }

    /// Commits per second of single rows; `prepareSingleRows` was called before.
    static func rate(_ connection: any PlainConnection) throws -> Double {
        try connection.commitSingleRows(10)
        let seconds = try Stopwatch.seconds { try connection.commitSingleRows(rows) }
        try connection.tidy()
        return Double(rows) / seconds
    }
}
