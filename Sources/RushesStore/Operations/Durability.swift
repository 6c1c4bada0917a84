package import RushesDatabase

extension SQLTransaction {
    /// Lets PostgreSQL answer the commit before it is on disk, so that it does not wait in line with commits of money.
    ///
    /// For what is done again when it is lost. A crash of the database server, not of a node, can lose it; whatever
    /// is committed durably afterwards makes it durable too, for the log is one. SQLite has one writer, which writes
    /// waiting transactions together anyway.
    package func forgoDurability() throws(DatabaseError) {
        switch dialect.name {
        case .sqlite: break
        case .postgres: try execute("SET LOCAL synchronous_commit TO OFF", [])
        }
    }
}
