import ArgumentParser

/// Which database is measured.
enum DatabaseKind: String, CaseIterable, Codable, Sendable {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"
}

/// What `--database` takes.
enum DatabaseChoice: String, CaseIterable, ExpressibleByArgument {
    case sqlite, postgres, all

    var kinds: [DatabaseKind] {
        switch self {
        case .sqlite: [.sqlite]
        case .postgres: [.postgres]
        case .all: DatabaseKind.allCases
        }
    }
}
