/// How to reach a PostgreSQL server, and how long its transactions may take.
package struct PostgresSettings: Sendable {
    /// The address, such as `postgres://user:password@host:5432/name?sslmode=verify-full`: everything that libpq knows,
    /// TLS parameters included. It holds a password, so it is never logged.
    package let url: String
    /// What the server's own views call this process.
    package let applicationName: String
    /// Connections for writing.
    package var writers = 4
    /// Connections for reading.
    package var readers = 4
    /// A statement that takes longer is ended by the server.
    package var statementTimeoutMilliseconds = 30_000
    /// A transaction that stands still longer is ended by the server, so that it pins no old rows and holds no lock.
    package var idleInTransactionTimeoutMilliseconds = 10_000
    /// A statement that waits longer for a lock is ended by the server; the body is run again.
    package var lockTimeoutMilliseconds = 10_000
    /// Work that waits longer than this while the server cannot be reached fails as `unavailable`.
    package var waitMilliseconds = 10_000
    /// How long the server keeps the plans of prepared statements: at first, and at most. It would keep one that was
    /// made when a table was empty until somebody counts the rows, which takes a minute or more.
    package var planLifeMilliseconds: ClosedRange<Int64> = 100...10_000
    /// Seconds until an attempt to connect is given up.
    package var connectTimeoutSeconds = 5

    /// Settings with the usual limits.
    package init(url: String, applicationName: String) {
        self.url = url
        self.applicationName = applicationName
    }
}
