import GRDB
import GRDBSQLite
import RushesDatabase

extension RushesDatabase.DatabaseError {
    /// An error thrown by GRDB or by this driver, as the port's error.
    init(sqlite error: any Error) {
        switch error {
        case let error as RushesDatabase.DatabaseError:
            self = error
        case let error as GRDB.DatabaseError:
            self.init(
                sqliteCode: error.extendedResultCode.rawValue, message: error.message ?? "", sql: error.sql ?? "")
        default:
            self.init(.fatal, String(describing: error))
        }
    }

    /// An error from SQLite's extended result code; the statement is named, its values are not.
    init(sqliteCode code: Int32, message: String, sql: String) {
        self.init(Self.kind(code), "SQLite \(code): \(message)" + (sql.isEmpty ? "" : " in: \(sql)"))
    }

    private static func kind(_ code: Int32) -> Kind {
        switch code {
        // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY and _ROWID; their macros have no Swift form.
        case 2_067, 1_555, 2_579: return .uniqueViolation
        default: break
        }
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy
        case SQLITE_CONSTRAINT: return .constraintViolation
        case SQLITE_FULL, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM: return .unavailable
        case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_TOOBIG: return .invalidStatement
        default: return .fatal
        }
    }
}
