import RushesDatabase

/// A change that the database itself refuses, whatever program asks for it; written as a trigger of either database.
struct SchemaSeal {
    /// What is refused.
    enum Event {
        case insert, update, delete
        /// An update that names one of these columns.
        case updateOf(String)

        var sql: String {
            switch self {
            case .insert: "INSERT"
            case .update: "UPDATE"
            case .delete: "DELETE"
            case .updateOf(let columns): "UPDATE OF \(columns)"
            }
        }
    }

    let name: String
    let table: String
    let event: Event
    /// When it is refused; nil for always.
    let condition: String?
    let message: String

    init(_ name: String, _ event: Event, on table: String, when condition: String? = nil, _ message: String) {
        self.name = name
        self.event = event
        self.table = table
        self.condition = condition
        self.message = message
    }

    /// The statements that make it.
    func statements(_ dialect: SQLDialect) -> [String] {
        switch dialect.name {
        case .sqlite: [sqlite]
        case .postgres: hasQuery ? [function, trigger(calling: name)] : [trigger(calling: "refuse")]
        }
    }

    private var sqlite: String {
        """
        CREATE TRIGGER \(name) BEFORE \(event.sql) ON \(table)\(condition.map { " WHEN \($0)" } ?? "")
        BEGIN SELECT RAISE(ABORT, '\(message)'); END
        """
    }

    /// PostgreSQL takes no queries in the WHEN of a trigger: such a condition stands in a function of its own.
    private var hasQuery: Bool { condition?.contains("SELECT") == true }

    private var function: String {
        """
        CREATE FUNCTION \(name)() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF \(condition ?? "true") THEN RAISE EXCEPTION '\(message)'; END IF;
          RETURN \(passed);
        END $$
        """
    }

    /// What goes on when nothing is refused: a row that is deleted has no new one.
    private var passed: String {
        switch event {
        case .insert, .update, .updateOf: "NEW"
        case .delete: "OLD"
        }
    }

    private func trigger(calling function: String) -> String {
        let when = hasQuery ? "" : condition.map { " WHEN (\($0))" } ?? ""
        let argument = hasQuery ? "" : "'\(message)'"
        return """
            CREATE TRIGGER \(name) BEFORE \(event.sql) ON \(table) FOR EACH ROW\(when)
            EXECUTE FUNCTION \(function)(\(argument))
            """
    }
}

extension SchemaSeal {
    /// Rows that never change and never go.
    static func appendOnly(_ table: String) -> [SchemaSeal] {
        [
            SchemaSeal("\(table)_no_update", .update, on: table, "\(table) is append-only"),
            SchemaSeal("\(table)_no_delete", .delete, on: table, "\(table) is append-only"),
        ]
    }

    /// Rows that change but never go; it also keeps INSERT OR REPLACE from getting around the seals on UPDATE.
    static func kept(_ table: String) -> SchemaSeal {
        SchemaSeal("\(table)_kept", .delete, on: table, "\(table) rows are not deleted")
    }

    /// The statement that takes a seal away, for one that comes in its place.
    static func dropping(_ name: String, on table: String, _ dialect: SQLDialect) -> String {
        switch dialect.name {
        case .sqlite: "DROP TRIGGER \(name)"
        case .postgres: "DROP TRIGGER \(name) ON \(table)"
        }
    }

    /// What PostgreSQL needs besides: the function that refuses, and the seal against emptying a whole table at once.
    static func statementsPostgres(sealing tables: [String]) -> [String] {
        [
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$
            """
        ]
            + tables.map(neverEmptied)
    }

    /// PostgreSQL's seal against emptying a whole table at once.
    static func neverEmptied(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_no_truncate BEFORE TRUNCATE ON \(table) FOR EACH STATEMENT
        EXECUTE FUNCTION refuse('\(table) is never emptied')
        """
    }
}
