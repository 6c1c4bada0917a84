package import RushesWire

/// What an installation as a whole can do for its operators.
package struct AdminOperations: Sendable {
    let check: @Sendable () async throws -> CheckBody
    let migrations: @Sendable () async throws -> MigrationsBody
    let backUp: @Sendable (BackupRequest) async throws -> BackupBody

    /// The operations.
    ///
    /// - Parameters:
    ///   - check: verifies every invariant on live data.
    ///   - migrations: tells the state of the schema.
    ///   - backUp: dumps the database and verifies the dump; throws `OperationFailed`.
    package init(
        check: @escaping @Sendable () async throws -> CheckBody,
        migrations: @escaping @Sendable () async throws -> MigrationsBody,
        backUp: @escaping @Sendable (BackupRequest) async throws -> BackupBody
    ) {
        self.check = check
        self.migrations = migrations
        self.backUp = backUp
    }
}

/// An operation of an operator could not be done, for a reason that the operator is told.
package struct OperationFailed: Error {
    let reason: String

    /// A failure with its reason, one line.
    package init(_ reason: String) {
        self.reason = reason
    }
}
