import Foundation
import RushesCore
import RushesDatabase
import RushesSQLite

/// Copies of a SQLite database.
enum SQLiteDump {
    /// Copies a dump into a folder of its own beside it, hands the opened copy to `body`, and removes it. The dump
    /// itself stays as it is: opening it would change its bytes.
    ///
    /// - Parameter moment: the time that the copy's readers see: the dump's own.
    /// - Throws: `BackupFailure`, `DatabaseError`, or what `body` throws.
    static func withCopy<Result>(
        of path: String, at moment: Timestamp, _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        let folder = path + ".verify"
        remove(folder)
        defer { remove(folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let copy = folder + "/copy.sqlite"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        return try await opened(copy, at: moment, body)
    }

    /// Opens a file that nobody else has open, checks its pages, and closes it when `body` has worked with it.
    ///
    /// - Throws: `BackupFailure`, `DatabaseError`, or what `body` throws.
    static func opened<Result>(
        _ path: String, at moment: Timestamp, _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        let database = try SQLiteDatabase.file(path, readers: 1, clock: { moment }, checkpointFailed: { _ in })
        do {
            let defects = try await database.quickCheck()
            if let first = defects.first { throw BackupFailure("the copy is damaged: \(first)") }
            let result = try await body(database)
            try await database.close()
            return result
        } catch {
            try? await database.close()  // The first error is the one that tells.
            throw error
        }
    }

    private static func remove(_ folder: String) {
        try? FileManager.default.removeItem(atPath: folder)  // Nothing there is no error; a left-over harms nobody.
    }
}
